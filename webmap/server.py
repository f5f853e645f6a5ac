"""How do several processes serve one atlas? It is read once, then they share it.

``python -m webmap.server`` reads data and settings, then starts Granian, whose workers are
copies of this process: where the system forks (Linux), the memory of the atlas is theirs
together, a fault of the data is told once, and a worker that fails is replaced at once. Elsewhere
each worker reads the atlas itself.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import os
import signal
import time

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from webmap.ogc.state import open_data
from webmap.site import current_site
from webmap.state import current_state, has_state

BLOCKING_THREADS = 2
"""Threads of a worker that run Python. Answers take microseconds, so that more of them only take
the interpreter's lock from each other: with four, the latest answers came twice as late as with
one. The second is there so that a large download makes nobody wait."""
BACKPRESSURE = 256
"""Requests that a worker takes at once; the others wait in the system's queue."""
AGAIN_S = 0.25
"""Seconds before the workers are made anew when they kept failing."""
STOP_S = 10
"""Seconds that a worker has to finish when told to stop; one that was only just made may have
missed the signal."""


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m webmap.server", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")
    parser.add_argument("--workers", type=_positive, default=2, help="server processes (2)")
    parser.add_argument(
        "--threads",
        type=_positive,
        default=BLOCKING_THREADS,
        help=f"threads of a worker ({BLOCKING_THREADS})",
    )
    parser.add_argument(
        "--backpressure",
        type=_positive,
        default=BACKPRESSURE,
        help=f"requests that a worker takes at once ({BACKPRESSURE})",
    )
    return parser.parse_args(arguments)


def prepare_tables(app: Flask) -> None:
    """Make the tables that filters ask, once for all workers."""
    with app.app_context():
        open_data().prepare()
        current_site().register.prepare()


def close_state(app: Flask) -> None:
    """Close what the start has opened of the database: each worker opens its own."""
    with app.app_context():
        if has_state():
            current_state().engine.dispose()


def settle_memory() -> None:
    """Give back what reading the atlas no longer needs, and keep the rest as it is.

    What is there now stays: no worker's collector needs to touch, and so to copy, its pages.
    """
    gc.collect()
    gc.freeze()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None
    if trim is not None:  # glibc keeps freed memory otherwise, twice the atlas of it
        trim(0)


def serve(options: argparse.Namespace) -> bool:
    """Serve with Granian; True when told to stop, False when workers kept failing.

    A worker that fails is replaced; Granian gives up on one that fails twice within seconds.
    """
    server = Granian(
        "webmap.wsgi:app",
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.workers,
        blocking_threads=options.threads,
        backpressure=options.backpressure,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_S,
    )
    try:
        server.serve()
    except SystemExit:
        return bool(server.interrupt_signal)
    return True


def main(arguments: list[str] | None = None) -> None:
    """Read the atlas, then serve it until told to stop."""
    options = parse(arguments)
    # Read before the workers are made: they find it in memory.
    from webmap.wsgi import app

    prepare_tables(app)
    close_state(app)
    settle_memory()
    while not serve(options):
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        app.logger.error("The workers kept failing; they are made anew.")
        time.sleep(AGAIN_S)


if __name__ == "__main__":
    main()
