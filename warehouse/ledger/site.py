"""What it takes to read the files of a site."""

from collections.abc import Mapping
from dataclasses import dataclass

from warehouse.folders import Folders
from warehouse.parameters import Parameters
from warehouse.sources import Feed


@dataclass(frozen=True)
class Site:
    """All that reading a site's files takes."""

    folders: Folders
    feeds: Mapping[str, Feed]
    parameters: Parameters
    key: bytes
