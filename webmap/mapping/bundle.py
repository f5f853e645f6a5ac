"""How do our ES modules and style sheets fit into one file?

A page opened from disk may not import modules, and a page of the service shows its map sooner
when it asks for one file instead of thirty. `bundle` writes a module and all that it imports as
one module script: each file keeps a scope of its own and hands on what it exports. It reads the
few forms that the project and its packages write (``import { a } from "./b.js";``,
``import "./b.js";``, ``export class C``, ``export { C as default };``) and refuses any other, so
that nothing is left out in silence.
"""

from __future__ import annotations

import base64
import posixpath
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from webmap.static_files import FOLDER, content_type

_IMPORT = re.compile(r'^import (?:(?:(\w+)|\{([^}]*)\}) from )?"(\.{1,2}/[^"]+)";\n', re.MULTILINE)
_DEFAULT = re.compile(r"^export \{ (\w+) as default \};\n", re.MULTILINE)
_EXPORT = re.compile(
    r"^export (?=(?:async )?(?:function\*?|class|const) +([A-Za-z_$][\w$]*))", re.MULTILINE
)
_LATE = re.compile(r'\bimport\("(\.{1,2}/[^"]+)"\)')
_LEFT = re.compile(r"^(?:import|export)\b.*|\bimport\(.*|\bimport\.meta\b", re.MULTILINE)
_AWAITS = re.compile(r"^(?:(?:const|let) .*= )?await\b", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*(?://.*|/\*[\s\S]*?\*/)\n", re.MULTILINE)
_SHEET = re.compile(r'^@import "([^"]+)";\n', re.MULTILINE)
_URL = re.compile(r'url\("?([^")]+)"?\)')


_WHOLE = ("data:", "#")
"""How addresses in style sheets begin that do not name a file."""


class BundleError(Exception):
    """A module or a style sheet is written in a way that cannot be put into one file."""


def bundle(entry: str, stand_ins: Mapping[str, str], *, late: bool = False, after: str = "") -> str:
    """Write a module of ``static/js`` and what it imports as one script.

    Parameters
    ----------
    entry
        Path of the module that runs, below ``static/js``.
    stand_ins
        Modules that are replaced, each by another that exports the same.
    late
        Whether what is imported in the course of the work (``import("./c.js")``) is left to be
        asked for then; the script is taken to lie in ``static/js``. Else it is refused.
    after
        A module that the page runs before, bundled too: what it imports is taken from there.

    Raises
    ------
    BundleError
        If a module imports or exports in a form that is not understood, or in a circle.
    """
    scopes = _scopes(entry, stand_ins, late=late)
    text = "const modules = {};\n"
    if after:
        text = f'import {{ modules as ready }} from "./{after}";\nconst modules = {{ ...ready }};\n'
        for name in _scopes(after, stand_ins, late=late):
            scopes.pop(name, None)
    text += "".join(scopes.values())
    if late:
        text += "export { modules };\n"
    handed_on = _EXPORT.findall((FOLDER / "js" / entry).read_text(encoding="utf-8"))
    if handed_on:
        text += f'export const {{ {", ".join(handed_on)} }} = modules["{entry}"];\n'
    return text


def _scopes(entry: str, stand_ins: Mapping[str, str], *, late: bool) -> dict[str, str]:
    """A module and all that it imports, each as a scope of its own, in the order to run them."""
    scopes: dict[str, str] = {}

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise BundleError(f"{name}: imports itself by way of {' → '.join(above)}")
        if name in scopes:
            return
        source = (FOLDER / "js" / name).read_text(encoding="utf-8")
        wanted = {path: _resolve(name, path, stand_ins) for *_, path in _IMPORT.findall(source)}
        for module in wanted.values():
            visit(module, (*above, name))
        scopes[name] = _scope(name, source, wanted, late=late)

    visit(entry, ())
    return scopes


def _resolve(importer: str, path: str, stand_ins: Mapping[str, str]) -> str:
    name = _below(posixpath.dirname(importer), path)
    return stand_ins.get(name, name)


def _below(folder: str, path: str) -> str:
    """A path that starts in a folder below ``static/js``, from there."""
    return posixpath.normpath(posixpath.join(folder, path))


def _scope(name: str, source: str, wanted: Mapping[str, str], *, late: bool) -> str:
    def take(match: re.Match[str]) -> str:
        module = f'modules["{wanted[match[3]]}"]'
        if match[1]:
            return f"const {match[1]} = {module}.default;\n"
        if match[2] is None:
            return ""
        names = re.sub(r"(\w+)\s+as\s+(\w+)", r"\1: \2", " ".join(match[2].split()))
        return f"const {{ {names.rstrip(', ')} }} = {module};\n"

    exported = [*_EXPORT.findall(source), *(f"default: {n}" for n in _DEFAULT.findall(source))]
    code = _COMMENT.sub("", source)
    code = _DEFAULT.sub("", _EXPORT.sub("", _IMPORT.sub(take, code)))
    left = _LEFT.search(_LATE.sub("", code) if late else code)
    if left:
        raise BundleError(f"{name}: {left[0]!r} is no form that the bundle reads")
    folder = posixpath.dirname(name)
    code = _LATE.sub(lambda match: f'import("./{_below(folder, match[1])}")', code)
    head = "await (async () => {" if _AWAITS.search(code) else "(() => {"
    return f'modules["{name}"] = {head}\n{code}return {{ {", ".join(exported)} }};\n}})();\n'


def joined_sheets(name: str) -> str:
    """Return a style sheet below ``static`` with the sheets that it imports in their place.

    What those name by address is named from where ``name`` lies.

    Raises
    ------
    BundleError
        If an imported sheet does not exist, or imports one itself.
    """
    folder = posixpath.dirname(name)

    def take(match: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(folder, match[1]))
        text = _sheet(path)
        if "@import" in text:
            raise BundleError(f"{path}: imports another style sheet")
        back = posixpath.relpath(posixpath.dirname(path), folder)

        def moved(address: re.Match[str]) -> str:
            if address[1].startswith(_WHOLE):
                return address[0]
            return f'url("{posixpath.normpath(posixpath.join(back, address[1]))}")'

        return _URL.sub(moved, text)

    return _closed(_SHEET.sub(take, _sheet(name)))


def style_sheet(name: str, without: tuple[str, ...] = ()) -> str:
    """Return a style sheet below ``static`` with its files inside, as ``data:`` addresses.

    Parameters
    ----------
    name
        Path below ``static``.
    without
        Ends of the addresses of files that are left out: an ``@font-face`` that asks for one
        goes whole, any other rule keeps ``none``.

    Raises
    ------
    BundleError
        If the sheet names a file that does not exist.
    """
    folder = (FOLDER / name).parent
    text = _sheet(name)

    def inside(match: re.Match[str]) -> str:
        if match[1].startswith(_WHOLE):
            return match[0]
        if match[1].endswith(without):
            return "none"
        return f"url({data_address(folder / match[1])})"

    faces = re.compile(r"@font-face\s*\{[^}]*\}")
    text = faces.sub(lambda face: "" if _asks(face[0], without) else face[0], text)
    return _closed(_URL.sub(inside, text))


def _sheet(name: str) -> str:
    """A style sheet without its comments."""
    try:
        text = (FOLDER / name).read_text(encoding="utf-8")
    except OSError as error:
        raise BundleError(f"{name}: {error.strerror}") from error
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def _closed(text: str) -> str:
    """A style sheet without empty lines."""
    return re.sub(r"\n\s*\n+", "\n", text).strip()


def _asks(rule: str, without: tuple[str, ...]) -> bool:
    return any(address.endswith(without) for address in _URL.findall(rule)) if without else False


def data_address(path: Path) -> str:
    """The content of a file as a ``data:`` address.

    Raises
    ------
    BundleError
        If there is no such file.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BundleError(f"{path.name}: {error.strerror}") from error
    kind = content_type(path).partition(";")[0]
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


PACKED: Mapping[str, Callable[[], str]] = {
    **{
        f"js/{name}": partial(bundle, name, {}, late=True, after=after)
        for name, after in (
            ("start.js", ""),
            ("map-page.js", "start.js"),
            ("tools.js", ""),
        )
    },
    "css/map-page.css": partial(joined_sheets, "css/map-page.css"),
}
"""What makes the files that are served with all that they import, by path below ``static``."""
