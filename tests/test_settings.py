"""`qos.toml`: what it may say, what is meant when it says nothing, and all its faults at once."""

from pathlib import Path

import pytest

from flows.settings import DEFAULT_POLICIES, Settings, load_settings
from warehouse.errors import ConfigurationError
from warehouse.parameters import Parameters
from warehouse.sources import Feed, adapters
from warehouse.sources.columns import FEEDS

MINIMAL = '[site]\nname = "Malakoff"\ntime_zone = "Europe/Paris"\n'


def settings(tmp_path: Path, text: str = MINIMAL) -> Settings:
    config = tmp_path / "qos.toml"
    config.write_text(text, encoding="utf-8")
    return load_settings(config)


def faults(tmp_path: Path, text: str | bytes) -> list[str]:
    """The sentences, without the name of the file that each begins with."""
    config = tmp_path / "qos.toml"
    config.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(ConfigurationError) as caught:
        load_settings(config)
    assert caught.value.exit_code == 2
    assert all(fault.startswith(f"{config}: ") for fault in caught.value.faults)
    return [fault.removeprefix(f"{config}: ") for fault in caught.value.faults]


def test_a_site_needs_a_name_and_a_zone(tmp_path: Path) -> None:
    """Everything else has a default, and lies beside the settings."""
    found = settings(tmp_path)
    assert found.name == "Malakoff"
    assert found.landing == tmp_path / "landing"
    assert found.folders.warehouse == tmp_path / "var" / "warehouse.duckdb"
    assert found.key == tmp_path / "var" / "key"
    assert found.policy == DEFAULT_POLICIES["en"]
    french = settings(tmp_path, MINIMAL + 'language = "fr"\n')
    assert (french.language, french.policy) == ("fr", DEFAULT_POLICIES["fr"])
    assert found.parameters == Parameters("Europe/Paris")
    assert found.feeds == {name: Feed(name, "Europe/Paris") for name in FEEDS}
    assert (found.slack.channel, found.page) == ("", None)


def test_everything_can_be_said(tmp_path: Path) -> None:
    found = settings(
        tmp_path,
        MINIMAL
        + """
        [paths]
        landing = "in"
        warehouse = "kept/w.duckdb"
        policy = "norms.toml"
        key = "/safe/key"
        [parameters]
        repeat_window_days = 14
        repeat_same_reason = false
        service_level_seconds = 15
        short_abandon_seconds = 0
        [feeds.calls]
        columns = { agent_id = "Conseiller" }
        encoding = "cp1252"
        separator = ";"
        decimal_comma = true
        time_zone = "UTC"
        date_format = "%d/%m/%Y %H:%M:%S"
        [slack]
        channel = "C0123ABCD"
        [dashboard]
        url = "https://qos.example"
        """,
    )
    assert found.landing == tmp_path / "in"
    assert found.folders.warehouse == tmp_path / "kept" / "w.duckdb"
    assert (found.policy, found.key) == (tmp_path / "norms.toml", Path("/safe/key"))
    assert found.parameters == Parameters("Europe/Paris", 14, False, 15, 0)
    assert found.feeds["calls"] == Feed(
        "calls",
        "UTC",
        columns={"agent_id": "Conseiller"},
        encoding="cp1252",
        separator=";",
        decimal_comma=True,
        date_format="%d/%m/%Y %H:%M:%S",
    )
    assert found.feeds["roster"].time_zone == "Europe/Paris"
    assert (found.slack.channel, found.page) == ("C0123ABCD", "https://qos.example")


def test_the_command_line_overrides_places(tmp_path: Path) -> None:
    """All that the site keeps goes with the warehouse."""
    config = tmp_path / "qos.toml"
    config.write_text(MINIMAL)
    found = load_settings(config, landing=tmp_path / "x", warehouse=tmp_path / "y" / "w.duckdb")
    assert found.landing == tmp_path / "x"
    assert found.folders.warehouse == tmp_path / "y" / "w.duckdb"
    assert found.key == found.folders.key == tmp_path / "y" / "key"


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    assert settings(tmp_path, "\ufeff" + MINIMAL).name == "Malakoff"


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        """
        sites = 3
        [site]
        name = ""
        time_zone = "Malakoff"
        [paths]
        landing = ""
        wharehouse = "x"
        [parameters]
        repeat_window_days = 0
        repeat_same_reason = "no"
        [feeds.calls]
        encoding = "utf-9"
        separator = ";;"
        date_format = "DD/MM/YYYY"
        columns = { agent = "Conseiller" }
        [feeds.faxes]
        [slack]
        channel = "#quality"
        """,
    )
    assert [fault.split(": ")[0] for fault in found] == [
        "[site] name",
        "[site] time_zone",
        "[paths] landing",
        "[paths] wharehouse",
        "[parameters] repeat_window_days",
        "[parameters] repeat_same_reason",
        "[feeds.calls] encoding",
        "[feeds.calls] separator",
        "[feeds.calls] date_format",
        "[slack] channel",
        "[sites]",
        "[feeds.faxes]",
        "[feeds.calls.columns] agent",
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "[site]: is missing"),
        ('[site]\nname = "x"', "[site] time_zone: is missing"),
        ('site = "Malakoff"', "[site]: is a section, not a value"),
        ("[site]\nname = 5", "[site] name: Input should be a valid string"),
        (MINIMAL + "[sight]", "[sight]: there is no such setting"),
        (MINIMAL + "colour = 1", "[site] colour: there is no such setting"),
        (
            MINIMAL.replace("Europe/Paris", "localtime"),
            "[site] time_zone: 'localtime' is no time zone; give an IANA name such as Europe/Paris",
        ),
        (
            MINIMAL + '[feeds.calls]\nencoding = "base64"',
            "[feeds.calls] encoding: 'base64' is no encoding; say utf-8, cp1252 or latin-1",
        ),
        (
            MINIMAL + "[feeds.calls]\nseparator = '\"'",
            "[feeds.calls] separator: '\"' separates nothing; say \",\", \";\" or \"\\t\"",
        ),
        (
            MINIMAL + '[feeds.roster]\ndate_format = "%d/%m"',
            "[feeds.roster] date_format: '%d/%m' does not read a date that it wrote; say %d/%m/%Y or"
            " %d/%m/%Y %H:%M:%S",
        ),
        (
            MINIMAL + '[feeds.roster]\nadapter = "anonymous_bank"',
            "[feeds.roster] adapter: only calls come in other formats; leave it out",
        ),
        (
            MINIMAL + "[feeds.calls]\ncolumns = { call = 'Appel' }",
            f"[feeds.calls.columns] call: no such column; there are {', '.join(FEEDS['calls'])}",
        ),
        (
            MINIMAL + "[feeds.faxes]",
            f"[feeds.faxes]: there is no such feed; there are {', '.join(FEEDS)}",
        ),
        (
            MINIMAL + '[paths]\nkey = "a\\u0000b"',
            "[paths] key: is no path; leave it out, or name a file or folder",
        ),
        (
            MINIMAL + '[slack]\nchannel = "#quality"',
            "[slack] channel: '#quality' is no channel ID; it is like C0123ABCD, at the end of the"
            " channel's link",
        ),
    ],
)  # fmt: skip
def test_each_fault_says_what_it_should_be(tmp_path: Path, text: str, sentence: str) -> None:
    assert sentence in faults(tmp_path, text)


@pytest.mark.parametrize("name", ["", "text", "columns", "..canonical", "fax", "os"])
def test_an_adapter_is_one_that_reads_a_format(tmp_path: Path, name: str) -> None:
    """Modules that help the adapters are none."""
    found = faults(tmp_path, MINIMAL + f'[feeds.calls]\nadapter = "{name}"')
    listed = ", ".join(adapters())
    assert found == [f"[feeds.calls] adapter: there is no adapter {name!r}; there are {listed}"]
    assert {"canonical", "anonymous_bank"} <= set(adapters())


@pytest.mark.parametrize("name", adapters())
def test_every_adapter_can_be_named(tmp_path: Path, name: str) -> None:
    found = settings(tmp_path, MINIMAL + f'[feeds.calls]\nadapter = "{name}"')
    assert found.feeds["calls"].adapter == name


@pytest.mark.parametrize(
    "date_format",
    ["%d/%m/%Y", "%d.%m.%y %H:%M", "%Y-%m-%dT%H:%M:%S%.f", "%d/%m/%Y %H:%M:%S %z", "%d %b %Y"],
)
def test_date_formats(tmp_path: Path, date_format: str) -> None:
    found = settings(tmp_path, MINIMAL + f'[feeds.calls]\ndate_format = "{date_format}"')
    assert found.feeds["calls"].date_format == date_format


@pytest.mark.parametrize("date_format", ["", "%H:%M", "%d/%m/%Y %H:%M:%S.%f", "%q", "%"])
def test_what_is_no_date_format(tmp_path: Path, date_format: str) -> None:
    """In `.%f` a fraction would be read as nanoseconds, without a word."""
    (found,) = faults(tmp_path, MINIMAL + f'[feeds.calls]\ndate_format = "{date_format}"')
    assert "does not read a date that it wrote" in found


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("[site\n", "at line 1", id="syntax"),
        pytest.param("[site]\nname = Malakoff", "at line 2", id="no quotes"),
        pytest.param('[site]\nname = "a"\nname = "b"\n', "at line 3", id="said twice"),
        pytest.param(b'[site]\nname = "Zo\xe9"', "can't decode byte", id="not UTF-8"),
    ],
)
def test_what_is_no_toml(tmp_path: Path, text: str | bytes, sentence: str) -> None:
    (found,) = faults(tmp_path, text)
    assert found.startswith("cannot be read as TOML: ")
    assert sentence in found


def test_there_must_be_settings(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no such settings; write one with"):
        load_settings(tmp_path / "qos.toml")
    with pytest.raises(ConfigurationError, match="cannot be read as TOML"):
        load_settings(tmp_path)
