"""Is the content that benchmarks measure a valid atlas, as many times as large as it says?"""

from __future__ import annotations

import pytest

from benchmarks import results
from benchmarks.content import replicate
from layers.atlas import Atlas
from layers.join import Join


@pytest.mark.parametrize("times", [1, 3])
def test_copies_make_a_valid_atlas(tiny, tiny_folder, tmp_path, times):
    atlas = Atlas.load(replicate(tiny_folder, tmp_path / "copies", times))
    assert len(atlas.places) == times * (len(tiny.places) - 1) + 1  # the break is not copied
    assert len(atlas.commitments) == times * len(tiny.commitments)
    direct = Join(atlas).report().kinds[0]
    assert direct.links == times * Join(tiny).report().kinds[0].links


def test_the_first_copy_is_the_content_itself(tiny, tiny_folder, tmp_path):
    atlas = Atlas.load(replicate(tiny_folder, tmp_path / "copies", 1))
    assert {k: f.encoded for k, f in atlas.features.items()} == {
        k: f.encoded for k, f in tiny.features.items()
    }


def test_a_section_of_the_results_replaces_its_own_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "RESULTS", tmp_path / "RESULTS.md")
    for name, body in [("a", "one"), ("b", "two"), ("a", "three")]:
        results.write(name, body)
    text = (tmp_path / "RESULTS.md").read_text("utf-8")
    assert "one" not in text
    assert text.index("three") < text.index("two")
    assert results.table(("x", "y"), [(1, 2)]) == "| x | y |\n| --- | ---: |\n| 1 | 2 |"
