"""What should the team look at before a text is published? Offered to people, never decided here.

Personal data are found by their form, and not all of them: a name without a title, in a sentence
that begins with it, looks like any other word. What is found is a span of the text.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from layers.folding import folded

MASK = "[…]"
"""What stands for a part that was taken out."""
NEAR = 0.8
"""Share of words that two texts have in common from which one repeats the other."""
SHORTEST = 4
"""Words below which texts are only compared as a whole."""
BURST = 5
"""Contributions from one browser within `BURST_TIME` that make a flood."""
BURST_TIME = datetime.timedelta(minutes=10)

_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}\s?@\s?[^\W_](?:[\w-]*\.)+[^\W\d_]{2,}")
_PHONE = re.compile(
    r"(?<![\w+])(?:(?:\+|00)\s?33[\s.\-/]?(?:\(0\)[\s.\-/]?)?|\(?0)"
    r"[1-9]\)?(?:[\s.\-/\u00a0\u202f]{0,2}\d{2}){4}(?!\d)"
)
_LETTER = "A-ZÀ-ÖØ-ÞŒ"
_CAPITAL = rf"[{_LETTER}][\w’'-]*[^\W\d_]"
_TITLED = re.compile(
    rf"\b(?:M\.|MM\.|Mme|Mmes|Mlle|Mlles|Mr|Mrs|Ms|Monsieur|Madame|Mademoiselle|Docteur|Dr|Maître"
    rf"|Me)\s+(?:(?:de|du|des|la|le|van|von|d’|d')\s?)*{_CAPITAL}"
    rf"(?:\s+(?:(?:de|du|des|la|le|van|von)\s)*{_CAPITAL}){{0,2}}"
)
_PAIR = re.compile(
    rf"\b{_CAPITAL}(?:[ \u00a0](?:de|du|des|la|le|van|von|el|ben)){{0,2}}[ \u00a0]{_CAPITAL}"
)
_PUBLIC = frozenset(
    """allee avenue boulevard bois carrefour centre chemin cite college cours crous ecole espace
    esplanade gare gymnase hopital hotel impasse institut jardin ligne lycee mairie maison metro
    ministere parc passage passerelle place plaine pont porte prefecture promenade quai quartier
    region residence route rue saint sainte square stade station theatre tour tramway tribunal
    university ville zac le la les un une des ce cette ces mon ma mes notre nos votre vos il elle
    ils elles je nous vous on et ou mais donc car si bonjour merci the this that these those i we
    a an my our street road""".split()  # noqa: SIM905 - a list of words reads best as a text
)
"""First words of capitalised pairs that are no names of persons."""


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a text, from ``start`` to before ``end``; ``kind`` is one of `KINDS`."""

    start: int
    end: int
    kind: str

    def of(self, text: str) -> str:
        """The part itself."""
        return text[self.start : self.end]


KINDS = ("email", "phone", "person")


def personal(text: str, known_names: Collection[str] = ()) -> list[Span]:
    """Return the parts of a text that look like personal data, in order, none in another.

    Parameters
    ----------
    text
        What somebody wrote.
    known_names
        Names of places and bodies, folded: a pair of words that is part of one is no person.
    """
    found = [Span(*match.span(), "email") for match in _EMAIL.finditer(text)]
    found += [Span(*match.span(), "phone") for match in _PHONE.finditer(text)]
    found += [Span(*match.span(), "person") for match in _TITLED.finditer(text)]
    found += [
        Span(*match.span(), "person")
        for match in _PAIR.finditer(text)
        if not _is_public(match.group(), known_names)
    ]
    return _apart(found)


def _is_public(pair: str, known_names: Collection[str]) -> bool:
    plain = folded(pair.replace("\u00a0", " "))
    first = plain.split(" ")[0].split("'")[-1]
    return first in _PUBLIC or any(plain in name for name in known_names)


def _apart(spans: Iterable[Span]) -> list[Span]:
    """Spans of which none overlaps another: the one found first by rank of kind stays."""
    kept: list[Span] = []
    for span in spans:
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)


def masked(text: str, spans: Iterable[Span]) -> str:
    """Return a text with `MASK` in the place of some of its parts; they may overlap."""
    out, at = [], 0
    for start, end in _merged(spans):
        out += [text[at:start], MASK]
        at = end
    return "".join([*out, text[at:]])


def _merged(spans: Iterable[Span]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if span.start >= span.end:
            continue
        if merged and span.start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], span.end)
        else:
            merged.append((span.start, span.end))
    return merged


def occurrences(text: str, passage: str) -> list[Span]:
    """Return every place where a passage stands in a text."""
    return (
        [Span(*m.span(), "typed") for m in re.finditer(re.escape(passage), text)] if passage else []
    )


def words(text: str) -> list[str]:
    """Return the words of a text, folded."""
    return re.findall(r"[^\W_]+", folded(text))


def repeats(one: str, other: str) -> bool:
    """Tell whether two texts say the same, or nearly."""
    first, second = words(one), words(other)
    if not first or not second:
        return False
    if first == second:
        return True
    left, right = Counter(first), Counter(second)
    if min(len(first), len(second)) < SHORTEST:
        return False
    return (left & right).total() >= NEAR * (left | right).total()


def floods(moments: Sequence[datetime.datetime]) -> bool:
    """Tell whether one browser has sent many contributions within a short time."""
    ordered = sorted(moments)
    return any(
        later - earlier <= BURST_TIME
        for earlier, later in zip(ordered, ordered[BURST - 1 :], strict=False)
    )


def quotes(note: str, texts: Iterable[str], run: int = SHORTEST) -> bool:
    """Tell whether a note repeats a part of texts: ``run`` words in a row, or personal data.

    Parameters
    ----------
    note
        What a moderator writes, for everybody to read.
    texts
        What is not to be read in it.
    run
        Words in a row that make a quotation; a text of fewer words is quoted as a whole.
    """
    if any(span.kind != "person" for span in personal(note)):
        return True
    said = words(note)
    for text in texts:
        whole = words(text)
        length = min(run, len(whole))
        parts = {tuple(whole[i : i + length]) for i in range(len(whole) - length + 1)}
        if length and any(
            tuple(said[i : i + length]) in parts for i in range(len(said) - length + 1)
        ):
            return True
        if any(_stands_in(span.of(text), said) for span in personal(text)):
            return True
    return False


def _stands_in(part: str, said: list[str]) -> bool:
    wanted = words(part)
    return any(said[i : i + len(wanted)] == wanted for i in range(len(said) - len(wanted) + 1))
