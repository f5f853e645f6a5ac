"""Who may write? ``python -m webmap.accounts add NAME --role editor``, list, disable, password."""

from __future__ import annotations

import argparse
import getpass
import os
import sys

from webmap.accounts import people
from webmap.accounts.people import AccountError
from webmap.config import SettingFaults, read_settings
from webmap.state import Database, StateFault, StateUnavailable, open_state
from webmap.state.models import ROLES


def parser() -> argparse.ArgumentParser:
    """The command line; a password is never part of it."""
    top = argparse.ArgumentParser(
        prog="python -m webmap.accounts",
        description="The accounts of those who may write. Readers need none.",
    )
    commands = top.add_subparsers(dest="command", required=True)
    helps = {
        "add": "make an account; the password is asked for",
        "list": "show every account",
        "disable": "shut an account and end its sessions; what it recorded stays",
        "enable": "open an account again",
        "password": "change a password and end the account's sessions",
    }
    for name, text in helps.items():
        command = commands.add_parser(name, help=text, description=text)
        if name != "list":
            command.add_argument("name", metavar="NAME", help="a name, not an e-mail address")
        if name == "add":
            command.add_argument("--role", choices=ROLES, required=True)
        if name in ("add", "password"):
            command.add_argument(
                "--password-stdin",
                action="store_true",
                help="read the password from the first line of standard input",
            )
    return top


def _ask(options: argparse.Namespace) -> str:
    if options.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("Password: ")
    people.check_password(first)
    if getpass.getpass("Again: ") != first:
        raise AccountError("password: the two are not the same.")
    return first


def _show(database: Database) -> None:
    for user in people.all_accounts(database):
        state = f"disabled {user.disabled_at:%Y-%m-%d}" if user.disabled_at else "open"
        print(f"{user.name}\t{user.role}\t{state}\tmade {user.created_at:%Y-%m-%d}")


def run(options: argparse.Namespace, database: Database) -> None:
    """Do what the command line says."""
    match options.command:
        case "list":
            _show(database)
        case "add":
            people.clean_name(options.name)
            people.add(database, options.name, options.role, _ask(options))
            print(f"{options.name} may log in at /connexion.")
        case "password":
            people.set_password(database, options.name, _ask(options))
            print(f"{options.name} has a new password.")
        case verb:
            people.set_disabled(database, options.name, disabled=verb == "disable")
            print(f"{options.name} is {'shut' if verb == 'disable' else 'open'}.")


def main(arguments: list[str]) -> int:
    """Run a command; 1 and a message when it cannot be done."""
    options = parser().parse_args(arguments)
    try:
        database, _secret = open_state(read_settings(os.environ))
        run(options, database)
    except (AccountError, SettingFaults, StateFault, StateUnavailable) as error:
        print(f"Not done: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
