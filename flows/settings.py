"""The settings of a site: `qos.toml`, read into one frozen `Settings`, all faults named at once."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

import checks
from flows.dashboard_settings import DashboardSection, DashboardSettings, dashboard_settings
from flows.setting_kinds import (
    Adapter,
    Channel,
    DateFormat,
    Encoding,
    LeaveReason,
    Outcome,
    PathText,
    Separator,
    TimeZone,
)
from flows.slack_settings import SlackSettings
from warehouse.errors import ConfigurationError
from warehouse.folders import Folders
from warehouse.parameters import Parameters
from warehouse.retention import Retention
from warehouse.sources import Feed
from warehouse.sources.columns import FEEDS

DEFAULT_WAREHOUSE = "var/warehouse.duckdb"
SAID = {
    "missing": "is missing",
    "extra_forbidden": "there is no such setting",
    "model_type": "is a section, not a value",
}
# The same numbers with their reasons in the language of the site.
DEFAULT_POLICIES = {
    "en": Path(checks.__file__).parent / "policy.toml",
    "fr": Path(checks.__file__).parent / "policy.fr.toml",
}


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Site(_Section):
    name: str = Field(min_length=1)
    time_zone: TimeZone
    language: Literal["en", "fr"] = "en"


class _Paths(_Section):
    landing: PathText = "landing"
    warehouse: PathText = DEFAULT_WAREHOUSE
    policy: PathText | None = None
    key: PathText | None = None


class _Parameters(_Section):
    repeat_window_days: int = Field(default=7, ge=1, le=90)
    repeat_same_reason: bool = True
    service_level_seconds: int = Field(default=20, ge=0, le=86_400)
    short_abandon_seconds: int = Field(default=5, ge=0, le=86_400)


class _Feed(_Section):
    adapter: Adapter = "canonical"
    columns: dict[str, str] = {}
    encoding: Encoding | None = None
    separator: Separator | None = None
    decimal_comma: bool = False
    time_zone: TimeZone | None = None
    date_format: DateFormat | None = None
    media: list[str] = []
    country_code: str | None = Field(default=None, pattern=r"^[1-9]\d{0,2}$")
    customer_attribute: str | None = Field(default=None, min_length=1)
    reason_attribute: str | None = Field(default=None, min_length=1)
    exit_outcomes: dict[str, Literal["overflow", "voicemail", "callback"]] = {}
    duration_unit: Literal["seconds", "milliseconds", "minutes", "days"] = "seconds"
    outcomes: dict[str, Outcome] = {}
    leave_reasons: dict[str, LeaveReason] = {}
    sheet: str | None = Field(default=None, min_length=1)


class _Retention(_Section):
    calls_months: int = Field(default=24, ge=6, le=1200)
    roster_years: int = Field(default=5, ge=1, le=100)
    kept_warehouses: int = Field(default=2, ge=0, le=100)


class _Slack(_Section):
    channel: Channel = ""
    settling_seconds: float = Field(default=30, ge=0)
    timeout_seconds: float = Field(default=30, gt=0)
    buttons: bool = False


class _File(_Section):
    site: _Site
    paths: _Paths = _Paths()
    parameters: _Parameters = _Parameters()
    feeds: dict[str, _Feed] = {}
    retention: _Retention = _Retention()
    slack: _Slack = _Slack()
    dashboard: DashboardSection = DashboardSection()


@dataclass(frozen=True)
class Settings:
    """Everything a night needs to know of its site; paths are absolute.

    `language` is that of messages and pages; `page` is the address under which the dashboard can be
    reached, for links in messages.
    """

    name: str
    language: str
    landing: Path
    folders: Folders
    policy: Path
    key: Path
    parameters: Parameters
    feeds: dict[str, Feed]
    retention: Retention
    slack: SlackSettings
    page: str | None
    dashboard: DashboardSettings


def load_settings(
    config: Path, *, landing: Path | None = None, warehouse: Path | None = None
) -> Settings:
    """Read `qos.toml`; relative paths in it are relative to its folder.

    Args:
        landing, warehouse: override the file's.

    Raises:
        ConfigurationError: one sentence for every fault.
    """
    file = _read(config)
    home = config.resolve().parent
    folders = Folders((warehouse or home / file.paths.warehouse).resolve())
    zone = file.site.time_zone
    feeds = {
        name: Feed(name=name, **(section.model_dump() | {"time_zone": section.time_zone or zone}))
        for name, section in ({name: _Feed() for name in FEEDS} | file.feeds).items()
    }
    return Settings(
        name=file.site.name,
        language=file.site.language,
        landing=(landing or home / file.paths.landing).resolve(),
        folders=folders,
        policy=home / file.paths.policy
        if file.paths.policy
        else DEFAULT_POLICIES[file.site.language],
        key=home / file.paths.key if file.paths.key else folders.key,
        parameters=Parameters(time_zone=zone, **file.parameters.model_dump()),
        feeds=feeds,
        retention=Retention(**file.retention.model_dump()),
        slack=SlackSettings(**file.slack.model_dump()),
        page=file.dashboard.url,
        dashboard=dashboard_settings(file.dashboard, home),
    )


def _read(config: Path) -> _File:
    try:
        said = tomllib.loads(config.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise ConfigurationError(
            f"{config}: no such settings; write one with [site] name and time_zone,"
            " or name it with --config"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigurationError(f"{config}: cannot be read as TOML: {error}") from None
    try:
        file = _File.model_validate(said)
        faults = []
    except ValidationError as error:
        faults = [
            _sentence(config, fault["loc"], fault["type"], fault["msg"]) for fault in error.errors()
        ]
    feeds = said.get("feeds")
    faults += _feed_faults(config, feeds if isinstance(feeds, dict) else {})
    if faults:
        raise ConfigurationError(*faults)
    return file


def _sentence(config: Path, place: tuple[int | str, ...], kind: str, message: str) -> str:
    *section, key = (str(part) for part in place)
    where = f"[{'.'.join(section)}] {key}" if section else f"[{key}]"
    return f"{config}: {where}: {SAID.get(kind, message.removeprefix('Value error, '))}"


def _feed_faults(config: Path, feeds: dict[str, object]) -> list[str]:
    """A feed that nobody loads, a format that it does not come in, a column that nobody knows."""
    faults = [
        f"{config}: [feeds.{name}]: there is no such feed; there are {', '.join(FEEDS)}"
        for name in feeds
        if name not in FEEDS
    ]
    faults += [
        f"{config}: [feeds.{name}] adapter: only calls come in other formats; leave it out"
        for name, section in feeds.items()
        if name != "calls"
        and isinstance(section, dict)
        and section.get("adapter", "canonical") != "canonical"
    ]
    for name, section in feeds.items():
        columns = section.get("columns", {}) if isinstance(section, dict) else {}
        faults += [
            f"{config}: [feeds.{name}.columns] {column}: no such column; there are"
            f" {', '.join(FEEDS[name])}"
            for column in (columns if isinstance(columns, dict) else {})
            if name in FEEDS and column not in FEEDS[name]
        ]
    return faults
