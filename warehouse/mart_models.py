"""The marts that come from the warehouse: bare SELECTs, in `warehouse/marts/`."""

from pathlib import Path

HERE = Path(__file__).parent / "marts"


def mart_names() -> list[str]:
    """The marts that a warehouse can give, in order."""
    return sorted(path.stem for path in HERE.glob("*.sql"))


def mart_sql(name: str) -> str:
    """The SELECT of one mart."""
    return (HERE / f"{name}.sql").read_text()
