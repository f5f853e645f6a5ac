"""What may a report say? The form, and what its fields must be."""

from __future__ import annotations

import datetime
import re
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from webmap.clock import today
from webmap.labels import STATUSES
from webmap.progress.history import Report

LONGEST_LINK = 500
LONGEST_NOTE = 2000
EARLIEST = datetime.date(1950, 1, 1)
_DATES = {
    "%Y-%m-%d": re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII),
    "%d/%m/%Y": re.compile(r"\d{2}/\d{2}/\d{4}", re.ASCII),
}


def parse_day(text: str) -> datetime.date:
    """Parse ``2024-12-31``, as browsers send it, or ``31/12/2024``, as people write it.

    Raises
    ------
    ValueError
        If it is neither.
    """
    for pattern, shape in _DATES.items():
        if shape.fullmatch(text):
            return datetime.datetime.strptime(text, pattern).date()  # noqa: DTZ007
    raise ValueError(text)


def is_web_link(text: str) -> bool:
    """Tell whether a text is an https address that shows where it leads."""
    if not re.fullmatch(r"https://[^\s<>\"'`\\^{}|]+", text) or not text.isprintable():
        return False
    try:
        parts = urlsplit(text)
        _port = parts.port
    except ValueError:
        return False
    return bool(parts.hostname) and "@" not in parts.netloc


def clean_note(text: str) -> str:
    """A note as it is kept: lines end with LF, nothing before and after."""
    return re.sub(r"\r\n?", "\n", text).strip()


class ProgressForm(FlaskForm):
    """The form of a report; ``seen`` says how much of the history it answers."""

    status = SelectField(
        _l("Avancement"),
        [InputRequired(_l("À choisir."))],
        choices=[
            SelectChoice("", _l("Choisir…")),
            *(SelectChoice(code, name) for code, name in STATUSES.items()),
        ],
    )
    day = StringField(_l("Date"), [InputRequired(_l("À remplir."))])
    evidence = StringField(_l("Lien vers une preuve"))
    note = TextAreaField(_l("Note"))
    seen = HiddenField()

    def validate_day(self, field: Field) -> None:
        """Refuse what is no date, and dates to come."""
        try:
            day = parse_day((field.data or "").strip())
        except ValueError:
            raise ValidationError(_("Une date, par exemple 31/12/2024.")) from None
        if not EARLIEST <= day <= today():
            raise ValidationError(_("Une date passée, ou celle d’aujourd’hui."))

    def validate_evidence(self, field: Field) -> None:
        """Refuse what is not a plain https address."""
        text = (field.data or "").strip()
        if text and (len(text) > LONGEST_LINK or not is_web_link(text)):
            raise ValidationError(
                _(
                    "Une adresse qui commence par https://, de %(n)s caractères au plus.",
                    n=LONGEST_LINK,
                )
            )

    def validate_note(self, field: Field) -> None:
        """Refuse notes that are too long, and characters that cannot be shown."""
        text = clean_note(field.data or "")
        if len(text) > LONGEST_NOTE:
            raise ValidationError(
                _("%(n)s caractères au plus ; il y en a %(got)s.", n=LONGEST_NOTE, got=len(text))
            )
        if any(not c.isprintable() and c not in "\n\t" for c in text):
            raise ValidationError(_("Un caractère de cette note ne peut pas être montré."))

    def report(self) -> Report:
        """What the form says, once it is valid."""
        return Report(
            status=self.status.data,
            day=parse_day(self.day.data.strip()),
            evidence=(self.evidence.data or "").strip(),
            note=clean_note(self.note.data or ""),
        )

    def seen_number(self) -> int:
        """How many entries had been shown; -1, which nothing follows, when it was tampered with."""
        text = self.seen.data or ""
        return int(text) if re.fullmatch(r"\d{1,6}", text, re.ASCII) else -1


def blank(seen: int) -> ProgressForm:
    """An empty form that answers a history of so many entries, dated today."""
    values: dict[str, Any] = {"day": today().isoformat(), "seen": str(seen)}
    return ProgressForm(formdata=None, **values)
