"""What a site says of its pages: who may see them, where they are served, how charts are drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from dashboards.access import Access, Proxy, User, is_hash
from dashboards.page_names import PAGES
from flows.setting_kinds import PathText

LOOPBACK = ("127.0.0.1", "localhost", "::1")
# The director decides on the contract, the manager runs it, an analyst looks into the service and
# its data: what it costs and who was told is not for him. A site may say otherwise.
ROLES = {
    "director": (*PAGES, "dossier"),
    "manager": PAGES,
    "analyst": ("index", "quality", "team", "turnover", "data"),
}
Role = Literal["director", "manager", "analyst"]


def _known_hash(text: str) -> str:
    if not is_hash(text):
        raise ValueError("is no hash of a password; qos dashboard password makes one")
    return text


def _known_address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise ValueError(f"{text!r} is no IP address") from None


def _plain_folder(name: str) -> str:
    if not name.isidentifier() or name in PAGES:
        raise ValueError(f"{name!r} cannot name a folder; take letters, and no page's name")
    return name


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _User(_Section):
    role: Role
    password: Annotated[str, AfterValidator(_known_hash)] | None = None


class _Proxy(_Section):
    header: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9-]*$")
    addresses: list[Annotated[str, AfterValidator(_known_address)]] = Field(min_length=1)


class DashboardSection(_Section):
    """`[dashboard]` as it stands in the settings."""

    url: str | None = Field(default=None, pattern=r"^https?://\S+$")
    rebase_on: list[date] = []
    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=8088, ge=1, le=65_535)
    users: dict[str, _User] = {}
    roles: dict[Role, list[str]] = {}
    proxy: _Proxy | None = None
    folders: dict[Annotated[str, AfterValidator(_plain_folder)], PathText] = {}

    @model_validator(mode="after")
    def _is_closed(self) -> "DashboardSection":
        """Nobody gets in by an oversight."""
        known = {*PAGES, "dossier", *self.folders}
        for role, names in self.roles.items():
            if strangers := [name for name in names if name not in known]:
                raise ValueError(f"roles.{role}: there is no page {', '.join(strangers)}")
        if self.host not in LOOPBACK and not self.users:
            raise ValueError(f"host {self.host} is open to others: name users first")
        if self.host not in LOOPBACK and not self.url:
            raise ValueError(f"host {self.host} is open to others: give the url they will use")
        if self.proxy and not self.users:
            raise ValueError("proxy vouches for names: give users with their roles")
        if not self.proxy:
            for name, user in self.users.items():
                if user.password is None:
                    raise ValueError(f"users.{name}: without a proxy, a password is needed")
        return self


@dataclass(frozen=True)
class DashboardSettings:
    """`rebase_on`: days from which on charts have another reference, because something changed.

    `hosts` are the names under which the server answers, `folders` what it hands out beside pages.
    """

    rebase_on: tuple[date, ...] = ()
    host: str = "127.0.0.1"
    port: int = 8088
    hosts: tuple[str, ...] = LOOPBACK
    access: Access = field(default_factory=lambda: Access(ROLES))
    folders: Mapping[str, Path] = field(default_factory=dict)


def dashboard_settings(section: DashboardSection, home: Path) -> DashboardSettings:
    """The settings of the pages; relative folders are relative to `home`."""
    named = urlsplit(section.url).hostname if section.url else None
    proxy = None
    if section.proxy:
        proxy = Proxy(section.proxy.header, tuple(section.proxy.addresses))
    users = {name: User(user.role, user.password) for name, user in section.users.items()}
    said = {role: tuple(names) for role, names in section.roles.items()}
    return DashboardSettings(
        rebase_on=tuple(sorted(set(section.rebase_on))),
        host=section.host,
        port=section.port,
        hosts=(*LOOPBACK, *([named] if named else [])),
        access=Access(ROLES | said, users, proxy, role_of_all=None if users else "director"),
        folders={name: (home / path).resolve() for name, path in section.folders.items()},
    )
