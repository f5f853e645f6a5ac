"""Is every contribution that was acknowledged there, once, whatever dies in the middle?"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.state import postgres
from tests.state.conftest import database_named
from tests.state.live import PATIENCE_S, Device, Server, running
from tests.state.test_contributions import PLAN
from webmap.config import read_settings
from webmap.consultation import store
from webmap.consultation.store import Known
from webmap.state import Database, open_state
from webmap.state.consultations import Contribution

DEVICES = 6
LONGEST_PAUSE_S = 0.3
KILLS = {"sqlite": 200, "postgresql": 60}
EVERY = 40
"""One kill in so many is of the whole server."""
ROOM = 1_500_000
"""Bytes that are free on the disk that fills up."""


@pytest.fixture
def known(database: Database) -> Known:
    return store.move(database, store.create(database, PLAN, None), "open")


def kept_keys(database: Database, known: Known) -> list[str]:
    with database.reading() as session:
        rows = session.scalars(
            select(Contribution)
            .where(Contribution.consultation_id == known.id)
            .order_by(Contribution.number)
        )
        found = [(row.number, row.key) for row in rows]
    assert [number for number, _key in found] == list(range(1, len(found) + 1))
    return [key for _number, key in found]


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end, f"not within {PATIENCE_S} s"
        time.sleep(0.05)


def wait_for_each(devices: list[Device]) -> None:
    """Wait until each device has been acknowledged once more."""
    there = [len(device.acknowledged) for device in devices]
    wait_until(lambda: all(len(d.acknowledged) > n for d, n in zip(devices, there, strict=True)))


def live_through(
    settings: dict[str, Any],
    database: Database,
    known: Known,
    harm: Callable[[Server, list[Device]], None],
    largest_file: int | None = None,
) -> list[str]:
    """Let devices contribute while ``harm`` is done; check all that was acknowledged.

    Returns
    -------
    list
        The keys that were acknowledged.
    """
    with running(settings, largest_file) as server:
        devices = [Device(server.port, known.slug, random.Random(n)) for n in range(DEVICES)]
        for device in devices:
            device.start()
        wait_until(lambda: any(device.acknowledged for device in devices))
        harm(server, devices)
        for device in devices:
            device.stop.set()
        for device in devices:
            device.join(timeout=60)
            assert not device.is_alive()
    assert [refused for device in devices for refused in device.refused] == []
    acknowledged = [key for device in devices for key in device.acknowledged]
    there = kept_keys(database, known)
    assert len(there) == len(set(there))
    assert set(acknowledged) <= set(there)
    return acknowledged


def test_what_was_acknowledged_survives_kills_at_random_moments(
    settings: dict[str, Any], database: Database, known: Known
) -> None:
    chance = random.Random(20241231)
    kills = KILLS["sqlite" if database.is_sqlite else "postgresql"]

    def harm(server: Server, _devices: list[Device]) -> None:
        done = 0
        while done < kills:
            time.sleep(chance.uniform(0, LONGEST_PAUSE_S))
            if done % EVERY == EVERY - 1:
                server.kill()
                server.start()
                done += 1
            elif server.kill_worker(chance):
                done += 1
        server.wait()

    assert len(live_through(settings, database, known, harm)) > kills


def test_a_full_disk_loses_nothing_that_was_acknowledged(folder: Path, tmp_path: Path) -> None:
    settings = {"LIMITROPHE_DATA": folder, "LIMITROPHE_STATE": tmp_path}
    database, _secret = open_state(read_settings({k: str(v) for k, v in settings.items()}))
    known = store.move(database, store.create(database, PLAN, None), "open")

    def harm(server: Server, devices: list[Device]) -> None:
        wait_until(lambda: any(device.failures for device in devices))
        server.kill()
        server.largest_file = None
        server.start()
        wait_for_each(devices)
        assert {status for device in devices for status in device.failures} == {503}

    largest = (tmp_path / "limitrophe.sqlite3").stat().st_size + ROOM
    live_through(settings, database, known, harm, largest)
    database.engine.dispose()


def test_a_restart_of_the_database_loses_nothing_that_was_acknowledged(
    folder: Path, tmp_path: Path, cluster: str
) -> None:
    settings = {
        "LIMITROPHE_DATA": folder,
        "LIMITROPHE_STATE": tmp_path,
        "DATABASE_URL": database_named(cluster),
    }
    database, _secret = open_state(read_settings({k: str(v) for k, v in settings.items()}))
    known = store.move(database, store.create(database, PLAN, None), "open")

    def harm(_server: Server, devices: list[Device]) -> None:
        for _ in range(3):
            postgres.restart(cluster)
            wait_for_each(devices)

    live_through(settings, database, known, harm)
    database.engine.dispose()
