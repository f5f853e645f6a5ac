"""Which settings does the service have? One table; ``python -m webmap.config`` prints it.

Settings are read once, by the factory (`webmap.create_app`), from the environment or from the
mapping that it is given; nothing else in the project reads the environment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any

from webmap.mapping.grounds import basemaps

ROOT = Path(__file__).resolve().parent.parent
STATE_ROOT = ROOT
"""Where a relative state folder starts."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting.

    Parameters
    ----------
    name
        Its name, in the environment and in the mapping given to the factory.
    default
        The text that is parsed when it is not set.
    help
        What it does, in one sentence.
    parse
        Turns the text into a value; raises ``ValueError`` saying what is allowed.
    secret
        Whether messages must not repeat what it is set to.
    """

    name: str
    default: str
    help: str
    parse: Callable[[str], Any]
    secret: bool = False


class SettingFaults(Exception):
    """Some settings cannot be used; ``faults`` has one sentence for each."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


def _folder(text: str) -> Path:
    path = Path(text) if Path(text).is_absolute() else ROOT / text
    if not path.is_dir():
        raise ValueError("an existing folder (a relative path starts at the project folder)")
    return path


def _own_folder(text: str) -> Path:
    if not text or "\0" in text:
        raise ValueError("a folder, made when it is missing")
    return STATE_ROOT / text


def _database(text: str) -> str:
    if text and not re.fullmatch(r"postgres(ql)?(\+psycopg)?://[^\s/]*/[^\s/?]+(\?\S*)?", text):
        raise ValueError("postgresql://user:password@host:port/database, or nothing for SQLite")
    return text


def _basemap(text: str) -> str:
    known = [ground.id for ground in basemaps()]
    if text not in known:
        raise ValueError(f"one of {', '.join(known)}")
    return text


def _between(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not low <= int(text) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(text)

    return parse


def _hosts(text: str) -> tuple[str, ...]:
    hosts = tuple(part.strip() for part in text.split(",") if part.strip())
    for host in hosts:
        if not re.fullmatch(r"\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", host):
            raise ValueError("host names separated by commas, without scheme or port")
    return hosts


def _line(text: str) -> str:
    if not all(character.isprintable() for character in text) or len(text) > 200:
        raise ValueError("one line of at most 200 characters")
    return text


def _contact(text: str) -> str:
    mail = re.fullmatch(r"[^\s@<>\":/]+@[^\s@<>\":/]+\.[^\s@<>\":/]+", text)
    if text and not mail and not re.fullmatch(r"https?://[^\s<>\"@]+", text):
        raise ValueError("an e-mail address, or a web address without user or password")
    return text


SETTINGS = (
    Setting(
        "LIMITROPHE_DATA",
        "data",
        "Folder that holds the atlas: `geo/` and `commitments/`.",
        _folder,
    ),
    Setting(
        "LIMITROPHE_STATE",
        "instance",
        "Folder of what the service writes: accounts and progress (SQLite), the secret key; made"
        " when it is missing. One that cannot be written to leaves a read-only atlas.",
        _own_folder,
    ),
    Setting(
        "DATABASE_URL",
        "",
        "`postgresql://user:password@host/database` keeps accounts and progress in PostgreSQL"
        " instead of SQLite.",
        _database,
        secret=True,
    ),
    Setting(
        "LIMITROPHE_BASEMAP",
        "aucun",
        "Id of the basemap shown first, one of `webmap/mapping/basemaps.toml`.",
        _basemap,
    ),
    Setting(
        "LIMITROPHE_TRUSTED_PROXIES",
        "0",
        "Number of reverse proxies in front whose `X-Forwarded-*` headers are believed.",
        _between(0, 10),
    ),
    Setting(
        "LIMITROPHE_TRUSTED_HOSTS",
        "",
        "Host names that may be asked for, separated by commas; a leading dot takes in"
        " subdomains; empty allows every name.",
        _hosts,
    ),
    Setting(
        "LIMITROPHE_MAX_AGE",
        "60",
        "Seconds for which open data answers may be reused without asking again.",
        _between(0, 31_536_000),
    ),
    Setting(
        "LIMITROPHE_CACHE_MB",
        "16",
        "Megabytes of prepared bodies that a worker keeps, before compression; beside them,"
        " whole answers of a quarter of that size.",
        _between(0, 4096),
    ),
    Setting(
        "LIMITROPHE_WHOLE_LAYER",
        "1000",
        "Features up to which the map fetches a layer whole; one of more comes square by square,"
        " as far as it is in view.",
        _between(0, 1_000_000),
    ),
    Setting(
        "LIMITROPHE_PUBLISHER",
        "",
        "Who publishes the data, as the metadata say; empty: the title of the atlas.",
        _line,
    ),
    Setting(
        "LIMITROPHE_CONTACT",
        "",
        "E-mail or web address that the metadata give for questions; empty gives none.",
        _contact,
    ),
)


def read_settings(values: Mapping[str, object]) -> Mapping[str, Any]:
    """Return every setting by name, parsed.

    Parameters
    ----------
    values
        What is set, by name: texts, or values whose ``str()`` is such a text. Names of other
        programs are passed over.

    Raises
    ------
    SettingFaults
        If a value cannot be parsed; every fault is listed.
    """
    settings: dict[str, Any] = {}
    faults = []
    for setting in SETTINGS:
        text = str(values.get(setting.name, setting.default)).strip()
        try:
            settings[setting.name] = setting.parse(text)
        except ValueError as error:
            got = "(hidden)" if setting.secret else repr(text)
            faults.append(f"{setting.name}: got {got}; allowed: {error}")
    if faults:
        raise SettingFaults(faults)
    return MappingProxyType(settings)


def check_names(names: Mapping[str, object]) -> None:
    """Refuse names that are no setting: a slip in a configuration must not pass unseen.

    Raises
    ------
    SettingFaults
        With the nearest setting for each unknown name.
    """
    known = [setting.name for setting in SETTINGS]
    faults = []
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
            faults.append(f"{name}: not a setting; {hint}")
    if faults:
        raise SettingFaults(faults)


def as_markdown() -> str:
    """The table of settings, for the documentation."""
    rows = [
        f"| `{s.name}` | {f'`{s.default}`' if s.default else '(empty)'} | {s.help} |"
        for s in SETTINGS
    ]
    return "\n".join(["| Setting | Default | What it does |", "| --- | --- | --- |", *rows])


if __name__ == "__main__":
    print(as_markdown())
