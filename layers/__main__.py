"""What does ``python -m layers`` accept? The command line of the domain.

Exit codes: 0 done; 1 the data has faults; 2 the question is wrong (an unknown id, a bad
value); 3 the geocoder cannot be reached.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import orjson

from layers import commands
from layers.atlas import ENGAGEMENTS
from layers.commands import Answer
from layers.errors import LimitropheError
from layers.join import NEAR_M
from layers.locate import BASE_URL, TIMEOUT_S

DATA = Path(__file__).parents[1] / "data"
Run = Callable[[argparse.Namespace], Answer]
Options = Callable[[argparse.ArgumentParser], None]
EXIT_CODES = """\
exit codes:
  0  done
  1  the data has faults (all of them are listed)
  2  the question is wrong: an unknown id, a value that is not allowed
  3  the geocoder cannot be reached (locate only)
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--data",
        type=Path,
        default=DATA,
        metavar="DIR",
        help="the folder that holds geo/ and commitments/ (default: %(default)s)",
    )
    common.add_argument("--json", action="store_true", help="print JSON instead of tables")
    top = argparse.ArgumentParser(
        prog="python -m layers",
        description="Questions to the atlas: its validity, its links, its breaks, its figures.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    subparsers = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (run, options, summary, about) in COMMANDS.items():
        command = subparsers.add_parser(
            name,
            parents=[common],
            help=summary,
            description=about,
            epilog=EXIT_CODES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.set_defaults(run=run)
        options(command)
    return top


def _check(command: argparse.ArgumentParser) -> None:
    """Nothing but what all commands take."""


def _breaks(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "corridor", nargs="?", metavar="CORRIDOR", help="one corridor (default: all)"
    )


def _discrepancies(command: argparse.ArgumentParser) -> None:
    command.add_argument("--sources", action="store_true", help="list what sources contradict too")


def _join(command: argparse.ArgumentParser) -> None:
    what = command.add_mutually_exclusive_group()
    what.add_argument("--place", metavar="ID", help="the links of this place")
    what.add_argument("--commitment", metavar="ID", help="the links of this commitment")
    command.add_argument(
        "--near",
        type=float,
        default=NEAR_M,
        metavar="METRES",
        help="distance of the near links (default: %(default)g)",
    )
    command.add_argument(
        "--districts",
        default="qpv",
        metavar="LAYER",
        help="the layer of the priority districts (default: %(default)s)",
    )
    command.add_argument("--all", action="store_true", help="list every id, not the first ten")


def _locate(command: argparse.ArgumentParser) -> None:
    command.add_argument("--layer", metavar="ID", help="only the places of this layer")
    command.add_argument(
        "--place", action="append", default=[], metavar="ID", help="only this place; repeatable"
    )
    command.add_argument(
        "--accept",
        action="append",
        default=[],
        type=_acceptance,
        metavar="ID=RANK",
        help="write this candidate of this place; repeatable",
    )
    command.add_argument(
        "--min-score",
        type=_score,
        metavar="SCORE",
        help="write every first candidate of at least this score (0 to 1) whose type stands for\n"
        "a place and that lies in the communes of the place",
    )
    command.add_argument(
        "--limit", type=int, default=5, metavar="N", help="candidates a place (default: 5)"
    )
    command.add_argument(
        "--url", default=BASE_URL, help="address of the geocoder (default: %(default)s)"
    )
    command.add_argument(
        "--timeout",
        type=float,
        default=TIMEOUT_S,
        metavar="SECONDS",
        help="how long to wait for an answer (default: %(default)g)",
    )


def _export(command: argparse.ArgumentParser) -> None:
    command.add_argument("collection", metavar="COLLECTION", help="a layer, or 'engagements'")
    command.add_argument("--format", choices=("geojson", "csv"), default="geojson")
    command.add_argument("--document", metavar="ID", help="csv: only this document")
    command.add_argument(
        "--spreadsheet", action="store_true", help="csv: with ';' and a byte order mark"
    )
    command.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="where to (default: standard output)"
    )


def _acceptance(text: str) -> tuple[str, int]:
    id, _, rank = text.partition("=")
    if not id or not rank.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not ID=RANK, such as halle-des-blagis=1")
    return id, int(rank)


def _score(text: str) -> float:
    try:
        score = float(text)
    except ValueError:
        score = -1.0
    if not 0 <= score <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a score from 0 to 1")
    return score


COMMANDS: dict[str, tuple[Run, Options, str, str]] = {
    "check": (
        commands.check,
        _check,
        "is the data valid?",
        "Read every file of the data folder, check each and all against each other, and list\n"
        "every fault with its file, row and remedy.",
    ),
    "join": (
        commands.join,
        _join,
        "which commitments hold for which places?",
        "Report the join: its tie rule, what it matches of each kind, places with no\n"
        "commitment, commitments with no place; or the links of one place or commitment.",
    ),
    "breaks": (
        commands.breaks,
        _breaks,
        "where is a corridor broken, and what would bridge it?",
        "Show each break of the corridors of the catalogue: its ends, its straight length, and\n"
        "the hops that remain through its stepping stones.",
    ),
    "discrepancies": (
        commands.discrepancies,
        _discrepancies,
        "do stated figures agree with measured ones?",
        "Compare the lengths and areas that documents state with those of the geometry, with\n"
        "the difference and the precision of the geometry beside it.",
    ),
    "locate": (
        commands.locate,
        _locate,
        "where are the places without geometry? (needs a network)",
        "Look up the places without geometry in the national geocoder (Géoplateforme) and\n"
        "show what comes back with its match score and type. What is accepted is written\n"
        "to the layer, with the method 'geocoded', its precision and the date.",
    ),
    "export": (
        commands.export,
        _export,
        "a layer or the register as a file",
        f"Write a layer, or the commitments ({ENGAGEMENTS!r}), as GeoJSON or CSV.",
    ),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code (see `EXIT_CODES`)."""
    arguments = parser().parse_args(argv)
    try:
        answer = arguments.run(arguments)
    except LimitropheError as error:
        answer = commands.refused(error, arguments.data)
    if answer.raw is not None:
        sys.stdout.buffer.write(answer.raw)
    elif arguments.json:
        print(orjson.dumps(answer.data, option=orjson.OPT_INDENT_2).decode())
    else:
        stream = sys.stdout if answer.code in (commands.OK, commands.FAULTS) else sys.stderr
        print(answer.text, file=stream)
    return int(answer.code)


if __name__ == "__main__":
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` ends the answer, not in a trace
    sys.exit(main())
