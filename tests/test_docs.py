"""What the documentation says must be so: settings, commands, layers, licences, folders."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from layers.__main__ import parser
from layers.atlas import Atlas
from webmap.config import as_markdown
from webmap.labels import LICENCES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def between(mark: str) -> str:
    found = re.search(rf"<!-- {mark} -->\n(.*?)<!-- /{mark} -->", README, re.DOTALL)
    assert found, f"README.md has no part called {mark}"
    return found[1].strip()


def test_the_settings_are_those_of_the_table() -> None:
    assert between("settings") == as_markdown()


def test_every_layer_and_its_licence_are_listed(real: Atlas) -> None:
    rows = {
        f"| {layer.title_fr} (`{layer.id}`) | {LICENCES[layer.licence][0]} |"
        for layer in real.layers.values()
    }
    assert set(between("licences").splitlines()[2:]) == rows


def test_every_command_is_shown() -> None:
    top = parser()
    actions = next(a for a in top._actions if a.choices)
    for command in actions.choices:
        assert f"python -m layers {command}" in README


@pytest.mark.parametrize("name", re.findall(r"^\| `(\w+/(?:\w+/)?)`", README, re.MULTILINE))
def test_every_folder_that_is_described_exists(name: str) -> None:
    assert (ROOT / name).is_dir()


@pytest.mark.parametrize("name", re.findall(r"\((docs/[^)]+)\)", README))
def test_every_file_that_is_linked_exists(name: str) -> None:
    assert (ROOT / name).is_file()


def test_every_pinned_dependency_says_why() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                assert re.fullmatch(r"[a-z0-9._-]+(\[[a-z]+\])?==[\w.]+ +# \S.*", line), line


def test_a_changelog_is_kept() -> None:
    assert (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").startswith("# Changelog")
