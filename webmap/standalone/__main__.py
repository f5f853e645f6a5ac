"""Write the map to one file: ``python -m webmap.standalone OUT.html [--layers …] [--lang …]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from layers.errors import DataFaults, NotFoundError
from webmap import create_app
from webmap.config import SettingFaults
from webmap.i18n import CatalogueMissing
from webmap.params import LANGUAGES
from webmap.standalone.page import choose, make


def parser() -> argparse.ArgumentParser:
    """The command line."""
    command = argparse.ArgumentParser(
        prog="python -m webmap.standalone",
        description="Write the map to one HTML file that opens from disk, without a network.",
    )
    command.add_argument("out", type=Path, metavar="OUT.html", help="the file to write")
    command.add_argument(
        "--layers",
        metavar="ID,ID",
        help="layers to take, separated by commas (default: all); the register is always whole",
    )
    command.add_argument("--lang", choices=LANGUAGES, default=LANGUAGES[0], help="its language")
    command.add_argument(
        "--address", default="", metavar="URL", help="where the atlas is online, to be named in it"
    )
    return command


def main(arguments: list[str] | None = None) -> int:
    """Write the file; 0 when it is written, 2 when something asked for cannot be had."""
    asked = parser().parse_args(arguments)
    ids = None if asked.layers is None else [id for id in asked.layers.split(",") if id]
    try:
        app = create_app()
        with app.test_request_context(f"/?lang={asked.lang}"):
            document = make(choose(ids), asked.address)
        asked.out.write_text(document, encoding="utf-8", newline="\n")
    except (DataFaults, SettingFaults, CatalogueMissing, NotFoundError, OSError) as error:
        print(f"No file was written: {error}", file=sys.stderr)
        return 2
    print(f"{asked.out}: {asked.out.stat().st_size / 1_000_000:.2f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
