"""What commands ask alike: of which site."""

import argparse
from pathlib import Path


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
