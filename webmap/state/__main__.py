"""Is there a copy of the state? ``python -m webmap.state backup FILE``, ``restore FILE``."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from webmap.config import SettingFaults, read_settings
from webmap.state import StateFault, StateUnavailable, open_state
from webmap.state.backup import back_up, restore
from webmap.state.folder import StateFolder


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(
        prog="python -m webmap.state",
        description="Copies of what the service writes; both commands work while it serves.",
    )
    commands = top.add_subparsers(dest="command", required=True)
    helps = {
        "backup": "write accounts, progress and consultations to one file, which is secret",
        "restore": "bring a backup back, all or nothing",
    }
    for name, text in helps.items():
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("file", metavar="FILE", type=Path)
        if name == "restore":
            command.add_argument(
                "--replace",
                action="store_true",
                help="take away what there is now; without it the database must be empty",
            )
    return top


def main(arguments: list[str]) -> int:
    """Run a command; 1 and a message when it cannot be done."""
    options = parser().parse_args(arguments)
    try:
        settings = read_settings(os.environ)
        database, _secret = open_state(settings)
        folder = StateFolder.prepare(settings["LIMITROPHE_STATE"])
        if options.command == "backup":
            counts = back_up(database, folder, options.file)
        else:
            counts = restore(database, folder, options.file, replace=options.replace)
    except (SettingFaults, StateFault, StateUnavailable) as error:
        print(f"Not done: {error}", file=sys.stderr)
        return 1
    print("\n".join(f"{name}\t{rows}" for name, rows in counts.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
