"""What is the register as one CSV table? The columns of the data folder, in their order."""

from __future__ import annotations

import csv
import dataclasses
import datetime
import io
from collections.abc import Collection

from layers.atlas import Atlas
from layers.exporters.sheet import harmless
from layers.model import Commitment

COLUMNS = tuple(field.name for field in dataclasses.fields(Commitment))


def register_csv(
    atlas: Atlas,
    document_id: str | None = None,
    *,
    only: Collection[str] | None = None,
    spreadsheet: bool = False,
) -> bytes:
    """Return the commitments as CSV, in register order.

    Parameters
    ----------
    atlas
        The atlas.
    document_id
        The document to keep; None for all.
    only
        The ids of the commitments to keep; None for all.
    spreadsheet
        False: UTF-8, commas, LF, as in the data folder. True: a byte order mark and ``;``, as
        spreadsheets in French expect, and no cell that they take for a formula.

    Raises
    ------
    NotFoundError
        If there is no such document.
    """
    if document_id is not None:
        atlas.document(document_id)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if spreadsheet else ",", lineterminator="\n")
    writer.writerow(COLUMNS)
    for commitment in atlas.commitments.values():
        if document_id in (None, commitment.document) and (only is None or commitment.id in only):
            cells = [_cell(getattr(commitment, column)) for column in COLUMNS]
            writer.writerow(map(harmless, cells) if spreadsheet else cells)
    return text.getvalue().encode("utf-8-sig" if spreadsheet else "utf-8")


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "|".join(value)
    return value.isoformat() if isinstance(value, datetime.date) else str(value)
