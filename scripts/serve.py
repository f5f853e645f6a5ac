#!/usr/bin/env python3
"""Set everything up and serve the atlas: ``python3 scripts/serve.py [--host H] [--port P]``."""

from __future__ import annotations

import argparse
import signal
import socket
import subprocess
import sys

import environment


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description="Set everything up (the first time) and serve the atlas. Stop with Ctrl+C."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")
    parser.add_argument("--workers", type=int, default=2, help="server processes (2)")
    options = parser.parse_args(arguments)
    if not 1 <= options.port <= 65535:
        parser.error(f"--port: {options.port} is not between 1 and 65535")
    if options.workers < 1:
        parser.error(f"--workers: {options.workers} is not at least 1")
    return options


def check_free(host: str, port: int) -> None:
    """Refuse a port that another program uses, before anything is started."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
    except OSError as error:
        raise environment.SetupError(
            f"--host {host}: this is not an address of this machine ({error})."
        ) from error
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise environment.SetupError(
                f"Port {port} on {host} cannot be used ({error.strerror});"
                " choose another with --port."
            ) from error


def main(arguments: list[str]) -> int:
    """Set up, check the data, start the server; the exit code says whether it could."""
    options = parse(arguments)
    print("Limitrophe", flush=True)
    try:
        check_free(options.host, options.port)
        environment.ensure_all()
    except environment.SetupError as error:
        print(f"Cannot start: {error}", file=sys.stderr)
        return 1
    environment.say("Checking the data and the settings")
    checked = subprocess.run(
        [environment.python(), "-m", "webmap.wsgi"],
        cwd=environment.ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if checked.returncode:
        print(checked.stdout, file=sys.stderr)
        print("Cannot start: see above.", file=sys.stderr)
        return 1
    # Something to try taking part with, the first time.
    demonstration = [environment.python(), "-m", "webmap.consultation", "demo", "first"]
    subprocess.run(demonstration, cwd=environment.ROOT, check=False)
    shown = f"[{options.host}]" if ":" in options.host else options.host
    print(f"\nThe atlas is at http://{shown}:{options.port}/  (Ctrl+C stops it)\n", flush=True)
    command = [
        environment.python(), "-m", "webmap.server", "--host", options.host,
        "--port", str(options.port), "--workers", str(options.workers),
    ]  # fmt: skip
    # A service manager stops this process with SIGTERM: the server must stop with it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    server = subprocess.Popen(command, cwd=environment.ROOT, env=environment.tool_env())
    try:
        return server.wait()
    except KeyboardInterrupt:
        server.terminate()
        return server.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
