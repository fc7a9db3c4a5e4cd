"""Pictures of every page of a site, as a phone and a desk show it, in light and dark.

    python tests/screenshots.py PAGES FOLDER

Look at each before a change of the pages lands.
"""

import sys
from pathlib import Path

from browser import Scheme, chromium, opened

from dashboards.page_names import PAGES

WIDTHS = {"phone": 390, "desk": 1280}
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


def main(pages: Path, folder: Path) -> None:
    """Write `quality-phone-dark.png` and its like into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for page in PAGES:
            for name, width in WIDTHS.items():
                for scheme in SCHEMES:
                    with opened(browser, pages / f"{page}.html", width, scheme) as seen:
                        picture = folder / f"{page}-{name}-{scheme}.png"
                        seen.page.screenshot(path=picture, full_page=True)
                        print(picture)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
