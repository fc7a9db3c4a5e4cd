"""The command line: what is mistyped is said in a sentence, with exit code 2."""

import sys

import pytest

from flows import cli

MISTYPED = [
    (("show", "metrics", "--from", "yesterday"), "'yesterday' is no date; write it as 2000-03-31"),
    (("dossier", "--as-of", "31/03/2000"), "'31/03/2000' is no date"),
    (("dashboard", "serve", "--port", "80000"), "'80000' is no port; say one from 1 to 65535"),
    (("dashboard", "serve", "--port", "http"), "'http' is no port"),
    (("show", "agents"), "invalid choice: 'agents'"),
]


@pytest.mark.parametrize(("words", "sentence"), MISTYPED)
def test_what_is_mistyped_is_said(
    words: tuple[str, ...],
    sentence: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "argv", ["qos", *words])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 2
    assert sentence in capsys.readouterr().err


def test_a_demo_that_cannot_be_written_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["qos", "demo", "/proc/site", "--months", "1"])
    assert cli.main() == 2
    assert "/proc/site: no site can be written there" in capsys.readouterr().err
