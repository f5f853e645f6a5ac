"""Which consultation is there to try? The one that the data describe, marked as a demonstration."""

from __future__ import annotations

import datetime
import tomllib
import uuid
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import delete, select

from layers.atlas import Atlas
from layers.model import BBox
from webmap.clock import now
from webmap.consultation import contributions, store
from webmap.consultation.keeping import erase
from webmap.consultation.participants import Guest
from webmap.consultation.plan import Plan
from webmap.consultation.said import SaidError, read_said
from webmap.consultation.store import Known
from webmap.state.consultations import Consultation
from webmap.state.database import Database

SOURCE = Path("consultations") / "demonstration.toml"
WORLD: BBox = (-180.0, -90.0, 180.0, 90.0)
OPEN_FOR = datetime.timedelta(days=365)


class DemonstrationError(Exception):
    """The demonstration of the data cannot be used; the message says why."""


def is_new(database: Database) -> bool:
    """Tell whether there has never been a demonstration; one that was taken away has been."""
    with database.reading() as session:
        return session.scalar(select(Consultation.id).where(Consultation.demonstration)) is None


def add(database: Database, atlas: Atlas, data: Path) -> Known | None:
    """Make the demonstration, open, with its examples; None where the data have none.

    Parameters
    ----------
    database
        The state; a demonstration that is there is replaced.
    atlas
        The atlas of ``data``.
    data
        The folder that may hold ``consultations/demonstration.toml``.

    Raises
    ------
    DemonstrationError
        If the file cannot be used.
    """
    path = data / SOURCE
    if not path.exists():
        return None
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        plan = Plan.model_validate({**content["plan"], "closes": now() + OPEN_FOR})
        said = [read_said(_sent(example), plan, atlas, WORLD) for example in content["example"]]
    except (tomllib.TOMLDecodeError, KeyError, ValidationError, SaidError) as error:
        raise DemonstrationError(f"{path}: {error}") from error
    remove(database)
    with database.writing() as session:
        session.execute(delete(Consultation).where(Consultation.demonstration))
    known = store.create(database, plan, None, slug=str(content["slug"]), demo=True)
    known = store.move(database, known, "open")
    for example in said:
        contributions.submit(database, known, Guest(example.key, "online"), example)
    return known


def _sent(example: dict[str, Any]) -> dict[str, Any]:
    """An example as a device would send it."""
    sent = {name: value for name, value in example.items() if name != "point"}
    if "point" in example:
        sent["geometry"] = {"type": "Point", "coordinates": example["point"]}
    return {**sent, "key": str(uuid.uuid4())}


def remove(database: Database) -> bool:
    """Take the demonstration away with all that was said in it; False when there is none."""
    with database.reading() as session:
        slug = session.scalar(select(Consultation.slug).where(Consultation.demonstration))
    known = store.by_slug(database, slug) if slug else None
    if known is None:
        return False
    erase(database, known)
    return True
