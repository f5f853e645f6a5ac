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
SYSTEM_PYTHON = "/usr/bin/python3"


def install(packages: list[str], what: str, purpose: str) -> None:
    """Install Debian packages where this process may, without a question."""
    if not (shutil.which("apt-get") and os.geteuid() == 0):
        return
    environment.say(f"Installing {what} for {purpose}")
    for command in (
        ["update", "-qq"],
        ["install", "-y", "-qq", "--no-install-recommends", *packages],
    ):
        environment.run(
            ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", *command],
            what=f"{what} could not be installed (details above).",
        )


def find_browser() -> str | None:
    """The path of a Chromium or Chrome on this machine."""
    named = os.environ.get("LIMITROPHE_TEST_BROWSER")
    found = named or next((p for n in CHROMIUM_NAMES if (p := shutil.which(n))), None)
    return found or (str(MAC_CHROME) if MAC_CHROME.exists() else None)


def ensure_browser() -> str:
    """Return a Chromium; install Debian's where this process may."""
    if not find_browser():
        install(["chromium"], "Chromium", "the browser tests")
    browser = find_browser()
    if not browser:
        raise environment.SetupError(
            "the browser tests need Chromium or Chrome: install it (Debian, Ubuntu: apt install"
            " chromium) or name it in LIMITROPHE_TEST_BROWSER."
        )
    return browser


def missing_pdf_tools() -> list[str]:
    """The packages of the tools that read printed maps, as far as they are not there."""
    return [package for tool, package in PDF_TOOLS.items() if not shutil.which(tool)]


def ensure_pdf_tools() -> None:
    """See that what reads printed maps back is there; install Debian's where this process may."""
    if missing := missing_pdf_tools():
        install(missing, " and ".join(missing), "the tests of printed maps")
    if missing := missing_pdf_tools():
        raise environment.SetupError(
            "the tests of printed maps read them back with gdalinfo and pdftoppm: install"
            f" {' and '.join(missing)} (Debian, Ubuntu: apt install {' '.join(missing)})."
        )


def has_postgres() -> bool:
    """Whether this machine has the programs of a PostgreSQL server."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return any(debian) or bool(shutil.which("initdb"))


def ensure_postgres() -> None:
    """See that there is a PostgreSQL for the tests of accounts and progress; install Debian's."""
    if not has_postgres():
        install(["postgresql"], "PostgreSQL", "the tests of accounts and progress")
    if not has_postgres():
        raise environment.SetupError(
            "the tests of accounts and progress need PostgreSQL, with initdb and pg_ctl on the"
            " PATH: install it (Debian, Ubuntu: apt install postgresql)."
        )


def find_qgis() -> str | None:
    """The path of a Python on this machine that has QGIS."""
    python = shutil.which(os.environ.get("LIMITROPHE_TEST_QGIS_PYTHON", SYSTEM_PYTHON))
    if not python:
        return None
    tried = subprocess.run([python, "-c", "import qgis.core"], capture_output=True)
    return None if tried.returncode else python


def ensure_qgis() -> str:
    """Return a Python that has QGIS; install Debian's (some 280 MB) where this process may."""
    if not find_qgis():
        install(["python3-qgis"], "QGIS", "the tests of its project")
    python = find_qgis()
    if not python:
        raise environment.SetupError(
            "the tests of the QGIS project need QGIS and a Python that can import qgis.core:"
            " install it (Debian, Ubuntu: apt install python3-qgis) or name that Python in"
            " LIMITROPHE_TEST_QGIS_PYTHON."
        )
    return python


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
        qgis = ensure_qgis()
        planned = checks(arguments)
    except environment.SetupError as error:
        print(f"Cannot test: {error}", file=sys.stderr)
        return 1
    found = {"LIMITROPHE_TEST_BROWSER": browser, "LIMITROPHE_TEST_QGIS_PYTHON": qgis}
    env = {**environment.tool_env(), **found}
    failed = []
    for title, command in planned:
        print(f"\n== {title}", flush=True)
        if subprocess.run(command, cwd=environment.ROOT, env=env).returncode:
            failed.append(title)
    print("\nFailed: " + ", ".join(failed) if failed else "\nEvery check passed.", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
