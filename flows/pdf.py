"""A page as PDF, printed by a headless Chromium where there is one."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from warehouse.errors import ConfigurationError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS = 120  # a dossier takes a few; a browser that hangs must not hold up its reader
QUIET = (
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-pdf-header-footer",
)


def browser() -> str | None:
    """The Chromium of this machine, or None."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def print_to_pdf(page: Path, chromium: str) -> Path:
    """Print a page beside itself; the PDF. The page loads nothing, so nothing is asked for.

    Raises:
        ConfigurationError: the browser could not print it.
    """
    pdf = page.with_suffix(".pdf")
    # Chromium's sandbox refuses to work for root; there is no script in the page to keep inside.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as profile:
        command = [chromium, *QUIET, *sandbox, f"--user-data-dir={profile}"]
        try:
            done = subprocess.run(
                [*command, f"--print-to-pdf={pdf}", page.as_uri()],
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise _unprinted(page, str(error)) from error
    if done.returncode or not pdf.exists():
        raise _unprinted(page, f"exit code {done.returncode}")
    return pdf


def _unprinted(page: Path, reason: str) -> ConfigurationError:
    return ConfigurationError(
        f"{page}: Chromium could not print it ({reason}); open it in a browser and print it there"
    )
