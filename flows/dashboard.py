"""`qos dashboard`: serve the pages, and hash a password for the settings."""

import getpass
import sys

from dashboards.access import hash_of
from dashboards.serve import Served, application
from flows.settings import Settings
from warehouse.errors import ConfigurationError

LEAST_LETTERS = 10


def serve(settings: Settings, port: int | None) -> None:
    """Answer until interrupted; loopback and nobody else unless the settings say so."""
    import uvicorn

    said = settings.dashboard
    folders = {"dossier": settings.folders.dossiers, **said.folders}
    served = Served(settings.folders.marts / "current", settings.language, folders)
    address = f"http://{said.host}:{port or said.port}/"
    who = "whoever is on this machine" if said.access.role_of_all else "users with a password"
    print(f"{settings.name} for {who}: {address} (stop with Ctrl+C)", flush=True)
    uvicorn.run(
        application(served, said.access, said.hosts),
        host=said.host,
        port=port or said.port,
        log_level="warning",
        proxy_headers=False,  # whose word counts is in the settings
        server_header=False,
    )


def password() -> None:
    """Ask for a password, twice at a terminal, and print its hash.

    Raises:
        ConfigurationError: it is too short, or the second one differs.
    """
    if sys.stdin.isatty():
        text = getpass.getpass("Password: ")
        if getpass.getpass("Once more: ") != text:
            raise ConfigurationError("The two passwords differ; nothing was made.")
    else:
        text = sys.stdin.readline().rstrip("\r\n")
    if len(text) < LEAST_LETTERS:
        raise ConfigurationError(f"A password has at least {LEAST_LETTERS} characters.")
    print(hash_of(text))
