"""What is held of consultations? ``python -m webmap.consultation list | show | erase | demo``."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from layers.atlas import Atlas
from layers.errors import DataFaults
from webmap.clock import now
from webmap.config import SettingFaults, read_settings
from webmap.consultation import demonstration, keeping, store
from webmap.consultation.demonstration import DemonstrationError
from webmap.consultation.store import Known
from webmap.state import Database, StateFault, StateUnavailable, open_state
from webmap.state.consultations import STAGES

HELPS = {
    "list": "show every consultation",
    "show": "show what is held of a consultation, and when it is erased",
    "erase": "erase a consultation with all that was said in it, for good",
    "erase-due": "erase what is held for longer than was announced; the service does so by itself",
    "demo": "make the demonstration consultation, or take it away",
}


class CommandError(Exception):
    """A command cannot be done; the message says why."""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(
        prog="python -m webmap.consultation", description="What is held of consultations."
    )
    commands = top.add_subparsers(dest="command", required=True)
    made = {
        name: commands.add_parser(name, help=text, description=text) for name, text in HELPS.items()
    }
    for name in ("show", "erase"):
        made[name].add_argument("slug", metavar="ADDRESS", help="the end of its web address")
    made["erase"].add_argument(
        "--yes", action="store_true", help="do it; without it, only what would be erased is shown"
    )
    made["demo"].add_argument(
        "verb",
        choices=("add", "remove", "first"),
        help=("first: add it unless there is, or was, one"),
    )
    return top


def _find(database: Database, slug: str) -> Known:
    known = store.by_slug(database, slug)
    if known is None:
        there = ", ".join(one.slug for one in store.every(database, STAGES)) or "none"
        raise CommandError(f"no consultation has the address {slug!r}; there are: {there}")
    return known


def _show(database: Database, known: Known) -> None:
    print(f"{known.slug}: {known.plan.title_fr} ({known.stage})")
    for name, count in keeping.held(database, known).items():
        print(f"  {name}\t{count}")
    due = keeping.due_on(known, now())
    if known.erased_at:
        print(f"What was not published was erased on {known.erased_at:%Y-%m-%d}.")
    elif due:
        print(f"What is not published is erased on {due:%Y-%m-%d}.")
    else:
        print(f"What is not published is erased {known.plan.retention_days} days after its end.")


def _demonstrate(database: Database, verb: str, data: Path) -> None:
    if verb == "remove":
        if not demonstration.remove(database):
            raise CommandError("there is no demonstration")
        print("The demonstration is gone, with all that was said in it.")
        return
    if verb == "first" and not demonstration.is_new(database):
        return
    known = demonstration.add(database, Atlas.load(data), data)
    if known is None and verb == "add":
        raise CommandError(f"{data / demonstration.SOURCE}: the data have no demonstration")
    if known is not None:
        print(f"The demonstration is at /consultations/{known.slug} (room code {known.code}).")


def run(options: argparse.Namespace, database: Database, data: Path) -> None:
    """Do what the command line says."""
    match options.command:
        case "list":
            for known in store.every(database, STAGES):
                print(f"{known.slug}\t{known.stage}\t{known.contributions}\t{known.plan.title_fr}")
        case "show":
            _show(database, _find(database, options.slug))
        case "erase":
            known = _find(database, options.slug)
            _show(database, known)
            if options.yes:
                keeping.erase(database, known)
            print("Erased." if options.yes else "Nothing was erased; add --yes to erase all this.")
        case "erase-due":
            for slug in keeping.erase_due(database):
                print(f"{slug}: what was not published is erased.")
        case _:
            _demonstrate(database, options.verb, data)


def main(arguments: list[str]) -> int:
    """Run a command; 1 and a message when it cannot be done."""
    options = parser().parse_args(arguments)
    try:
        settings = read_settings(os.environ)
        database, _secret = open_state(settings)
        run(options, database, settings["LIMITROPHE_DATA"])
    except (
        CommandError, DataFaults, DemonstrationError, SettingFaults, StateFault, StateUnavailable
    ) as error:  # fmt: skip
        print(f"Not done: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
