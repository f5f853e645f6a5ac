#!/usr/bin/env python3
"""Set everything up and run every check: ``python3 scripts/test.py [pytest arguments]``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import environment

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PDF_TOOLS = {"gdalinfo": "gdal-bin", "pdftoppm": "poppler-utils"}
MAC_CHROME = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def find_browser() -> str | None:
    """The path of a Chromium or Chrome on this machine."""
    named = os.environ.get("LIMITROPHE_TEST_BROWSER")
    found = named or next((p for n in CHROMIUM_NAMES if (p := shutil.which(n))), None)
    return found or (str(MAC_CHROME) if MAC_CHROME.exists() else None)


def ensure_browser() -> str:
    """Return a Chromium; install Debian's where this process may."""
    browser = find_browser()
    if not browser and shutil.which("apt-get") and os.geteuid() == 0:
        environment.say("Installing Chromium for the browser tests")
        for command in (
            ["update", "-qq"],
            ["install", "-y", "-qq", "--no-install-recommends", "chromium"],
        ):
            environment.run(
                ["apt-get", *command], what="Chromium could not be installed (details above)."
            )
        browser = find_browser()
    if not browser:
        raise environment.SetupError(
            "the browser tests need Chromium or Chrome: install it (Debian, Ubuntu: apt install"
            " chromium) or name it in LIMITROPHE_TEST_BROWSER."
        )
    return browser


def ensure_pdf_tools() -> None:
    """See that what reads printed maps back is there; install Debian's where this process may."""
    missing = [package for tool, package in PDF_TOOLS.items() if not shutil.which(tool)]
    if missing and shutil.which("apt-get") and os.geteuid() == 0:
        environment.say(f"Installing {' and '.join(missing)} for the tests of printed maps")
        for command in (
            ["update", "-qq"],
            ["install", "-y", "-qq", "--no-install-recommends", *missing],
        ):
            environment.run(
                ["apt-get", *command],
                what=f"{' and '.join(missing)} could not be installed (details above).",
            )
        missing = [package for tool, package in PDF_TOOLS.items() if not shutil.which(tool)]
    if missing:
        raise environment.SetupError(
            "the tests of printed maps read them back with gdalinfo and pdftoppm: install"
            f" {' and '.join(missing)} (Debian, Ubuntu: apt install {' '.join(missing)})."
        )


def ensure_postgres() -> None:
    """See that there is a PostgreSQL for the tests of accounts and progress; install Debian's."""
    if any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or shutil.which("initdb"):
        return
    if not (shutil.which("apt-get") and os.geteuid() == 0):
        raise environment.SetupError(
            "the tests of accounts and progress need PostgreSQL, with initdb and pg_ctl on the"
            " PATH: install it (Debian, Ubuntu: apt install postgresql)."
        )
    environment.say("Installing PostgreSQL for the tests of accounts and progress")
    for command in (
        ["update", "-qq"],
        ["install", "-y", "-qq", "--no-install-recommends", "postgresql"],
    ):
        environment.run(
            ["apt-get", *command], what="PostgreSQL could not be installed (details above)."
        )


def checks(arguments: list[str]) -> list[tuple[str, list[str]]]:
    """The checks in order, each with the command that runs it."""
    python, node = environment.python(), environment.ensure_node()
    tests = sorted(str(p) for p in (environment.ROOT / "tests" / "js").glob("*.test.js"))
    return [
        ("Python style (ruff)", [python, "-m", "ruff", "check", "."]),
        ("Python format (ruff)", [python, "-m", "ruff", "format", "--check", "."]),
        ("Types (mypy)", [python, "-m", "mypy"]),
        ("JavaScript tests (node)", [node, "--test", *tests]),
        ("Python and browser tests (pytest)", [python, "-m", "pytest", *arguments]),
    ]


def main(arguments: list[str]) -> int:
    """Set up, then run every check even when one fails; 0 when all passed."""
    print("Limitrophe: setting up the tests", flush=True)
    try:
        environment.ensure_all(development=True)
        browser = ensure_browser()
        ensure_postgres()
        ensure_pdf_tools()
        planned = checks(arguments)
    except environment.SetupError as error:
        print(f"Cannot test: {error}", file=sys.stderr)
        return 1
    env = {**environment.tool_env(), "LIMITROPHE_TEST_BROWSER": browser}
    failed = []
    for title, command in planned:
        print(f"\n== {title}", flush=True)
        if subprocess.run(command, cwd=environment.ROOT, env=env).returncode:
            failed.append(title)
    print("\nFailed: " + ", ".join(failed) if failed else "\nEvery check passed.", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
