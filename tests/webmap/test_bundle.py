"""Modules and style sheets in one file: nothing is left out in silence."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from webmap.mapping.bundle import BundleError, bundle, joined_sheets, style_sheet


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("webmap.mapping.bundle.FOLDER", tmp_path)
    (tmp_path / "js").mkdir()
    return tmp_path / "js"


@pytest.mark.parametrize(
    "source",
    [
        'import * as all from "./b.js";\n',
        'export { a } from "./b.js";\n',
        "export default class {}\n",
        'const b = await import("./b.js");\n',
    ],
)
def test_a_form_that_the_bundle_does_not_read_is_refused(modules: Path, source: str) -> None:
    (modules / "a.js").write_text(source)
    (modules / "b.js").write_text("export const a = 1;\n")
    with pytest.raises(BundleError, match=r"a\.js"):
        bundle("a.js", {})


def test_what_is_imported_later_is_left_to_be_asked_for(modules: Path) -> None:
    (modules / "deep").mkdir()
    (modules / "deep" / "b.js").write_text(
        'export const later = () => import("../c.js");\n'
        'export const near = () => import("./d.js");\n'
    )
    (modules / "a.js").write_text('import { later } from "./deep/b.js";\nawait later();\n')
    text = bundle("a.js", {}, late=True)
    assert 'import("./c.js")' in text
    assert 'import("./deep/d.js")' in text
    assert bundle("deep/b.js", {}, late=True).endswith(
        'export const { later, near } = modules["deep/b.js"];\n'
    )
    with pytest.raises(BundleError, match=r"b\.js"):
        bundle("a.js", {})


def test_what_the_page_has_run_before_is_taken_from_there(modules: Path) -> None:
    (modules / "both.js").write_text("export const both = 1;\n")
    (modules / "first.js").write_text('import { both } from "./both.js";\nboth;\n')
    (modules / "then.js").write_text(
        'import { both } from "./both.js";\nimport { own } from "./own.js";\nboth + own;\n'
    )
    (modules / "own.js").write_text("export const own = 2;\n")
    text = bundle("then.js", {}, late=True, after="first.js")
    assert text.startswith('import { modules as ready } from "./first.js";\n')
    assert "const both" not in text
    assert "const own = 2" in text
    assert "export { modules };" in bundle("first.js", {}, late=True)


def test_modules_that_import_each_other_are_refused(modules: Path) -> None:
    (modules / "a.js").write_text('import { b } from "./b.js";\nexport const a = 1;\n')
    (modules / "b.js").write_text('import { a } from "./a.js";\nexport const b = 1;\n')
    with pytest.raises(BundleError, match="imports itself"):
        bundle("a.js", {})


def test_a_style_sheet_takes_its_files_with_it(modules: Path) -> None:
    assert modules
    sheet = modules.parent / "a.css"
    (modules.parent / "dot.svg").write_text("<svg/>")
    sheet.write_text("a { background: url(dot.svg) } b { background: url(big.png) }")
    expected = base64.b64encode(b"<svg/>").decode()
    text = style_sheet("a.css", (".png",))
    assert f"url(data:image/svg+xml;base64,{expected})" in text
    assert "b { background: none }" in text
    sheet.write_text("a { background: url(gone.svg) }")
    with pytest.raises(BundleError, match=r"gone\.svg"):
        style_sheet("a.css")


def test_style_sheets_are_joined_in_their_order_with_their_addresses(modules: Path) -> None:
    folder = modules.parent
    (folder / "css").mkdir()
    (folder / "other").mkdir()
    (folder / "css" / "all.css").write_text('@import "one.css";\n@import "../other/two.css";\n')
    (folder / "css" / "one.css").write_text("a { background: url(dot.svg) }\n")
    two = folder / "other" / "two.css"
    two.write_text("/* said */\nb { background: url(img/dot.png), url(data:,x) }\n")
    assert joined_sheets("css/all.css") == (
        'a { background: url("dot.svg") }\n'
        'b { background: url("../other/img/dot.png"), url(data:,x) }'
    )
    two.write_text('@import "three.css";\n')
    with pytest.raises(BundleError, match=r"other/two\.css"):
        joined_sheets("css/all.css")
    two.unlink()
    with pytest.raises(BundleError, match=r"other/two\.css"):
        joined_sheets("css/all.css")
