"""Is the English interface complete, and does every translation keep its placeholders?"""

from __future__ import annotations

import re
import subprocess
import sys

from babel.messages.pofile import read_po

from webmap.config import ROOT
from webmap.i18n import CATALOGUE

PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def test_every_text_has_english() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/translations.py", "check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_translation_keeps_its_placeholders() -> None:
    with CATALOGUE.with_suffix(".po").open("rb") as file:
        for message in read_po(file):
            if message.id and not message.pluralizable:
                wanted = set(PLACEHOLDER.findall(str(message.id)))
                assert set(PLACEHOLDER.findall(str(message.string))) == wanted, message.id
