#!/usr/bin/env python3
"""Keep the English interface complete: ``python scripts/translations.py update|compile|check``.

The French texts in the code and the templates are the message ids. After changing any, run
``update``, write the English of the new entries in webmap/translations/en/LC_MESSAGES/messages.po,
then ``compile``. Run it with the Python of the project's environment.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

WEBMAP = Path(__file__).resolve().parent.parent / "webmap"
TRANSLATIONS = WEBMAP / "translations"
CATALOGUE = TRANSLATIONS / "en" / "LC_MESSAGES" / "messages.po"
NOISE = (
    '"Report-Msgid-Bugs-To:',
    '"POT-Creation-Date:',
    '"PO-Revision-Date:',
    '"Last-Translator:',
    '"Generated-By:',
)
"""Header lines that Babel writes and that only say when and by whom; left out of the file."""


def pybabel(*arguments: str) -> None:
    """Run Babel's command line in the webmap folder."""
    command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", *arguments]
    subprocess.run(command, cwd=WEBMAP, check=True)


def extract(template: Path) -> None:
    """Write every text of the interface to a catalogue template."""
    pybabel(
        "extract", "-F", "babel.cfg", "-k", "_l", "--add-location=file", "--sort-by-file",
        "--project=Limitrophe", "-o", str(template), ".",
    )  # fmt: skip


def update() -> None:
    """Bring the English catalogue up to date with the texts; new entries are empty."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        extract(template)
        if CATALOGUE.exists():
            pybabel(
                "update", "-i", str(template), "-d", "translations", "-l", "en",
                "--no-fuzzy-matching", "--ignore-obsolete", "--ignore-pot-creation-date",
            )  # fmt: skip
        else:
            pybabel("init", "-i", str(template), "-d", "translations", "-l", "en")
    text = CATALOGUE.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith(NOISE)]
    CATALOGUE.write_text("\n".join(kept).rstrip() + "\n", encoding="utf-8")


def compile_catalogue() -> None:
    """Compile the English catalogue for the service."""
    pybabel("compile", "-d", "translations")


def missing() -> list[str]:
    """The texts that have no English, in the order of their files."""
    from babel.messages.pofile import read_po

    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        extract(template)
        with template.open("rb") as file:
            wanted = [message.id for message in read_po(file) if message.id]
    with CATALOGUE.open("rb") as file:
        english = {message.id: message for message in read_po(file)}
    return [
        str(text)
        for text in wanted
        if text not in english or not english[text].string or english[text].fuzzy
    ]


def main(arguments: list[str]) -> int:
    """Run a step; the exit code of ``check`` is 1 when an English text is missing."""
    parser = argparse.ArgumentParser(description="Keep the English interface complete.")
    parser.add_argument("step", choices=["update", "compile", "check"])
    step = parser.parse_args(arguments).step
    if step == "check":
        for text in (texts := missing()):
            print(f"no English: {text}")
        return 1 if texts else 0
    {"update": update, "compile": compile_catalogue}[step]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
