"""Does each part import only what it may? Read from the source, without importing it."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FORBIDDEN_IN_LAYERS = {"webmap", "scripts", "tests", "benchmarks", "flask", "folium", "werkzeug"}
HTTP = {"http", "urllib", "socket", "requests", "urllib3", "aiohttp", "httpx"}
MAX_LINES = 400
MAX_FUNCTION = 80


def modules(folder: str) -> list[Path]:
    return sorted(p for p in (ROOT / folder).rglob("*.py") if "node_modules" not in p.parts)


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield node.module or ""


def roots(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imports(path)}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


LAYERS = modules("layers")
ALL = [p for folder in ("layers", "webmap", "scripts", "benchmarks") for p in modules(folder)]


@pytest.mark.parametrize("path", LAYERS, ids=name)
def test_the_domain_knows_neither_the_web_nor_the_scripts(path):
    assert not roots(path) & FORBIDDEN_IN_LAYERS


@pytest.mark.parametrize("path", LAYERS, ids=name)
def test_only_locate_speaks_http(path):
    if path.name != "locate.py":
        assert not roots(path) & HTTP


@pytest.mark.parametrize("path", LAYERS, ids=name)
def test_the_domain_reads_no_environment(path):
    assert "os" not in roots(path)
    names = {node.attr for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}
    assert not names & {"environ", "getenv"}


@pytest.mark.parametrize("path", LAYERS, ids=name)
def test_only_the_command_line_prints(path):
    calls = {
        node.func.id
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    if path.name != "__main__.py":
        assert "print" not in calls


@pytest.mark.parametrize("path", ALL, ids=name)
def test_only_crs_transforms_coordinates(path):
    if name(path) != "layers/crs.py":
        used = {n.attr for n in ast.walk(tree(path)) if isinstance(n, ast.Attribute)}
        used |= {n.id for n in ast.walk(tree(path)) if isinstance(n, ast.Name)}
        assert not used & {"to_crs", "Transformer", "set_crs"}


@pytest.mark.parametrize("path", ALL, ids=name)
def test_only_compose_imports_folium(path):
    if name(path) != "webmap/mapping/compose.py":
        assert not roots(path) & {"folium", "branca"}


@pytest.mark.parametrize("path", modules("webmap"), ids=name)
def test_the_web_does_no_geometry_and_starts_no_script(path):
    assert not roots(path) & {"shapely", "pyproj", "geopandas", "pyogrio", "scripts", "tests"}


@pytest.mark.parametrize("path", ALL, ids=name)
def test_modules_and_functions_stay_readable(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES
    for node in ast.walk(tree(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= MAX_FUNCTION, f"{node.name}: {length} lines"


@pytest.mark.parametrize("path", ALL, ids=name)
def test_a_module_opens_with_the_question_it_answers(path):
    assert ast.get_docstring(tree(path)) or not path.read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("path", LAYERS, ids=name)
def test_every_public_function_of_the_domain_is_documented(path):
    top = tree(path).body
    inner = [node for owner in top if isinstance(owner, ast.ClassDef) for node in owner.body]
    for node in (*top, *inner):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{node.name} has no docstring"


def test_a_process_that_only_serves_does_without_what_writes_files() -> None:
    """GDAL, Arrow and pandas take 110 MB in each worker once imported, what prints 20 MB."""
    heavy = ("geopandas", "pandas", "pyarrow", "pyogrio", "reportlab", "fontTools")
    code = (
        "import sys; from webmap import create_app; create_app({});"
        f" print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
