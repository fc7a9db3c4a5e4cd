def test_a_scratch_folder_goes_when_nobody_works_in_it(tmp_path: Path) -> None:
    """A night that begins meanwhile leaves it; what a kill left is removed."""
    folders = Folders(tmp_path / "warehouse.duckdb")
    (tmp_path / ".scratch.left").mkdir()
    with scratch_folder(folders) as scratch:
        sweep(folders, Manifest(()))
        assert list(tmp_path.iterdir()) == [scratch]
    assert list(tmp_path.iterdir()) == []
