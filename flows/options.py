"""What commands ask alike: of which site, of which day."""

import argparse
from datetime import date
from pathlib import Path

MOST_PORT = 65_535


def add_site(parser: argparse.ArgumentParser) -> None:
    """Add the options that name a site."""
    parser.add_argument("--config", type=Path, default=Path("qos.toml"), help="the site's settings")
    parser.add_argument(
        "--warehouse", type=Path, help="the warehouse file; all else lies beside it"
    )


def warehouse_of(arguments: argparse.Namespace) -> Path:
    """The warehouse that is named, or that of the settings."""
    if arguments.warehouse:
        return Path(arguments.warehouse)
    from flows.settings import load_settings

    return load_settings(arguments.config).folders.warehouse


def day(text: str) -> date:
    """A day on the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write it as 2000-03-31") from None


def port(text: str) -> int:
    """A port on the command line."""
    if not (text.isdecimal() and 1 <= int(text) <= MOST_PORT):
        raise argparse.ArgumentTypeError(f"{text!r} is no port; say one from 1 to {MOST_PORT}")
    return int(text)
