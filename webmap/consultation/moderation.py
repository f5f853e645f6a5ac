"""Which contributions should be looked at, and what was decided of each? Nothing is overwritten.

Whoever decides says what they have seen (revision of the contribution, number of decisions): a
decision on something else is refused. Reasons are public and never repeat what was taken out.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webmap.accounts.people import Person
from webmap.clock import now
from webmap.consultation import kept
from webmap.consultation.contributions import note_decision
from webmap.consultation.kept import Kept
from webmap.consultation.plan import Plan
from webmap.consultation.signals import Span, floods, masked, personal, quotes, repeats, words
from webmap.consultation.store import Known, touch
from webmap.state.consultations import Consultation, Contribution, Decision, Flag
from webmap.state.database import Database
from webmap.state.models import User

ACTIONS = ("accept", "reject", "redact", "restore")
REASONS = ("personal", "insult", "off-topic", "advert", "repeat", "unreadable", "other")
"""Why something is rejected or a part taken out; `webmap.consultation.wording` says it."""
LONGEST_NOTE = 300
REFUSALS = ("unknown", "withdrawn", "outdated", "state", "no-reason", "quotes", "nothing")
"""There is none; its author took it back; somebody else was faster; not in this state; a reason is
missing; the note repeats what was said; no part was chosen."""
MAY = {
    "pending": ("accept", "reject", "redact"),
    "published": ("accept", "reject", "redact", "restore"),
    "rejected": ("restore",),
}
FILES = ("attention", "published", "rejected", "all")
"""What the queue may show."""
_STATES = {
    "attention": ("pending", "published"),
    "published": ("published",),
    "rejected": ("rejected",),
    "all": ("pending", "published", "rejected"),
}


class ModerationRefused(Exception):
    """A decision is refused; ``reason`` is one of `REFUSALS`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Logged:
    """A decision: of which contribution, what, why, by whom (empty: the program) and when."""

    number: int
    action: str
    reason: str
    note: str
    author: str
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """A contribution as the team looks at it.

    Parameters
    ----------
    kept
        The contribution.
    log
        What was decided of it, the oldest first.
    flags
        Why participants have flagged it since the team last decided.
    flood
        Whether its browser has sent many within a short time.
    twin
        Number of an earlier contribution that says the same, else None.
    spans
        By question id, the parts of its published text that look like personal data.
    """

    kept: Kept
    log: tuple[Logged, ...]
    flags: tuple[str, ...]
    flood: bool
    twin: int | None
    spans: Mapping[str, Sequence[Span]]

    @property
    def late(self) -> bool:
        """Whether it came after the end."""
        return any(entry.action == "late" for entry in self.log)

    @property
    def examined(self) -> bool:
        """Whether somebody of the team has decided of it."""
        return any(entry.author for entry in self.log)

    @property
    def suspected(self) -> bool:
        """Whether something in it asks for a look."""
        return self.flood or self.twin is not None or any(self.spans.values())

    @property
    def rank(self) -> int | None:
        """When its turn comes: 0 first; None when nothing asks for it."""
        if self.kept.state == "pending":
            return 2 if self.late else 0
        if self.kept.state != "published":
            return None
        if self.flags:
            return 1
        return 3 if self.suspected and not self.examined else None


@dataclass(frozen=True, slots=True)
class Order:
    """What a moderator decides, and what they had seen: ``revision`` and number of decisions.

    ``spans`` are the parts to take out, by question id; ``reason`` is one of `REASONS`.
    """

    number: int
    action: str
    revision: int
    seen: int
    reason: str = ""
    note: str = ""
    spans: Mapping[str, Sequence[Span]] | None = None


def texts_of(plan: Plan, one: Kept) -> dict[str, str]:
    """The free answers of a contribution as they are, or would be, published; by question id."""
    asked = [question.id for question in plan.questions if question.kind == "text"]
    return {id: one.published[id] for id in asked if one.published.get(id)}


def entries(database: Database, known: Known, file: str, names: Collection[str]) -> list[Entry]:
    """The contributions of a part of the queue, those that wait the longest first.

    Parameters
    ----------
    database, known
        The state, and the consultation.
    file
        One of `FILES`.
    names
        Names of places and bodies, folded: they are not names of persons.
    """
    everything = kept.listed(database, known, ("pending", "published", "rejected", "withdrawn"))
    log, flags = _logs(database, known), _flags(database, known)
    flooding = _flooding(everything)
    first: dict[tuple[str, ...], int] = {}
    found = []
    for one in reversed(everything):
        texts = texts_of(known.plan, one)
        said = tuple(word for text in texts.values() for word in words(text))
        twin = first.setdefault(said, one.number) if said else one.number
        if one.state not in _STATES[file]:
            continue
        entry = Entry(
            kept=one,
            log=tuple(log[one.number]),
            flags=_open_flags(flags[one.number], log[one.number]),
            flood=one.participant in flooding,
            twin=None if twin == one.number else twin,
            spans={id: personal(text, names) for id, text in texts.items()},
        )
        if file != "attention" or entry.rank is not None:
            found.append(entry)
    if file == "attention":
        return sorted(found, key=lambda entry: (entry.rank, entry.kept.number))
    return found[::-1]


def near_twins(known: Known, entry: Entry, others: Iterable[Kept]) -> int | None:
    """The first earlier contribution that says nearly the same as one, None for none."""
    mine = " ".join(texts_of(known.plan, entry.kept).values())
    for other in sorted(others, key=lambda one: one.number):
        if other.number >= entry.kept.number:
            return None
        if repeats(mine, " ".join(texts_of(known.plan, other).values())):
            return other.number
    return None


def waiting(found: Iterable[Entry]) -> Counter[int]:
    """How many entries there are of each rank."""
    return Counter(entry.rank for entry in found if entry.rank is not None)


def _flooding(everything: Iterable[Kept]) -> set[int]:
    sent: dict[int, list[datetime.datetime]] = defaultdict(list)
    for one in everything:
        if one.channel != "paper":
            sent[one.participant].append(one.received_at)
    return {participant for participant, moments in sent.items() if floods(moments)}


def _open_flags(
    flags: Sequence[tuple[str, datetime.datetime]], log: Sequence[Logged]
) -> tuple[str, ...]:
    decided = max((entry.at for entry in log if entry.author), default=None)
    return tuple(reason for reason, at in flags if decided is None or at > decided)


def _flags(database: Database, known: Known) -> dict[int, list[tuple[str, datetime.datetime]]]:
    query = (
        select(Contribution.number, Flag.reason, Flag.at)
        .join(Flag, Flag.contribution_id == Contribution.id)
        .where(Contribution.consultation_id == known.id)
        .order_by(Flag.at)
    )
    found: dict[int, list[tuple[str, datetime.datetime]]] = defaultdict(list)
    with database.reading() as session:
        for number, reason, at in session.execute(query):
            found[number].append((reason, at))
    return found


def log(database: Database, known: Known) -> list[Logged]:
    """Every decision of a consultation, the newest first."""
    query = (
        select(Decision, Contribution.number, User.name)
        .join(Contribution, Contribution.id == Decision.contribution_id)
        .outerjoin(User, User.id == Decision.author_id)
        .where(Contribution.consultation_id == known.id)
        .order_by(Decision.id.desc())
    )
    with database.reading() as session:
        return [_logged(*row) for row in session.execute(query)]


def _logged(row: Decision, number: int, author: str | None) -> Logged:
    reason, _, note = row.reason.partition("\n")
    return Logged(number, row.action, reason, note, author or "", row.at)


def _logs(database: Database, known: Known) -> dict[int, list[Logged]]:
    found: dict[int, list[Logged]] = defaultdict(list)
    for entry in reversed(log(database, known)):
        found[entry.number].append(entry)
    return found


def decide(database: Database, known: Known, order: Order, author: Person) -> None:
    """Do what a moderator decides, and note it; all or nothing.

    Raises
    ------
    ModerationRefused
        Nothing is changed then.
    """
    with database.writing() as session:
        # Whoever changes a contribution holds its consultation: authors and team take turns.
        session.get_one(Consultation, known.id, with_for_update=True)
        row = session.scalar(
            select(Contribution).where(
                Contribution.consultation_id == known.id, Contribution.number == order.number
            )
        )
        if row is None:
            raise ModerationRefused("unknown")
        _check(session, known, row, order)
        answers = orjson.loads(row.shown or row.answers)
        if order.action == "redact":
            row.shown = orjson.dumps(_redacted(answers, order.spans or {})).decode()
        elif order.action == "restore" and row.state == "published":
            row.shown = None
        row.state = "rejected" if order.action == "reject" else "published"
        row.changed_at = now()
        reason = f"{order.reason}\n{order.note}" if order.note else order.reason
        note_decision(session, row, order.action, reason, author.id)
        touch(session, known.id)


def _check(session: Session, known: Known, row: Contribution, order: Order) -> None:
    decisions = select(func.count()).where(Decision.contribution_id == row.id)
    if row.state == "withdrawn":
        raise ModerationRefused("withdrawn")
    if (row.revision, session.scalar(decisions)) != (order.revision, order.seen):
        raise ModerationRefused("outdated")
    if order.action not in MAY[row.state]:
        raise ModerationRefused("state")
    if order.action == "restore" and row.state == "published" and row.shown is None:
        raise ModerationRefused("state")
    if order.action == "redact" and not any((order.spans or {}).values()):
        raise ModerationRefused("nothing")
    if order.action in ("reject", "redact") and order.reason not in REASONS:
        raise ModerationRefused("no-reason")
    asked = [question.id for question in known.plan.questions if question.kind == "text"]
    said = [
        str(answers[id])
        for answers in map(orjson.loads, (row.answers, row.shown or "{}"))
        for id in asked
        if answers.get(id)
    ]
    if order.note and quotes(order.note, said):
        raise ModerationRefused("quotes")


def _redacted(
    answers: Mapping[str, object], spans: Mapping[str, Sequence[Span]]
) -> dict[str, object]:
    return {
        id: masked(answer, spans[id]) if isinstance(answer, str) and id in spans else answer
        for id, answer in answers.items()
    }
