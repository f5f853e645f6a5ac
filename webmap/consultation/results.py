"""What do the contributions say, counted? Bars, words, places, days and a grid; never opinions.

All of it is counted from what is published, in the same way for the page of results, the
projector and the report.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from layers.blur import counted, grid_side
from layers.folding import folded
from webmap.consultation.plan import Question
from webmap.consultation.published import Published, Record, values_of
from webmap.consultation.wording import value_text

WORDS_SHOWN = 40
LEAST_USES = 2
"""Contributions that must use a word before it is counted in public."""
LONGEST_SERIES = 62
"""Days that are told one by one; beyond, they are told by month."""
_STOP = frozenset(
    """a afin ai aie ailleurs ainsi alors apres assez au aucun aucune aujourd'hui auquel aura aussi
    autant autour autre autres aux avait avant avec avez avoir avons bah beaucoup bien bon bonjour
    bref ca car ce ceci cela celle celles celui cent cependant certain certaine certains ces cet
    cette ceux chaque chez ci cinq combien comme comment contre d dans de dedans dehors depuis des
    desormais deux devant devrait devraient dire dit dix doit doivent donc dont du durant elle
    elles en encore enfin entre es est et etaient etait etant ete etes etre eu eux fait faire faut
    faudrait font ete hors hui il ils ici j jamais je jusqu jusque l la laquelle le lequel les
    lesquels leur leurs lors lorsque lui l'on m ma mais malgre me meme memes merci mes mettre mieux
    moi moins mon n ne neanmoins ni non nos notre nous on ont ou oui par parce parfois parmi pas
    peu peut peuvent plus plusieurs plutot pour pourquoi pourrait pouvoir pres presque puis puisque
    qu quand que quel quelle quelles quelque quelques quels qui quoi rien s sa sait sans se selon
    sera serait seront ses seulement si sien soi soit son sont souvent sous suis sur surtout t ta
    tandis tant te tel telle tellement tels tes toi ton toujours tous tout toute toutes tres trois
    trop tu un une unes va vers veut via voici voila voir vont vos votre vous vraiment vu y
    about after all also am an and any are as at be because been being but by can could did do does
    for from had has have he her here hers him his how i if in into is it its just like me more
    most much my no not of on one only or other our out over please she should so some such than
    that the their them then there these they this those to too two under up us very was we were
    what when where which while who why will with would you your""".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Bar:
    """A count under a label; ``count`` is None where it is too small to tell."""

    id: str
    label: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered to a question: bars for given answers, words for a free one."""

    question: Question
    answered: int
    bars: tuple[Bar, ...]
    words: tuple[Bar, ...]
    mean: float | None

    @property
    def most(self) -> int:
        """The largest count that is told, at least 1."""
        return max([1, *(bar.count or 0 for bar in (*self.bars, *self.words))])


@dataclass(frozen=True, slots=True)
class Grid:
    """Contributions by cell: ``side_m``, and each cell's outline (GeoJSON) and counts."""

    side_m: int
    cells: tuple[tuple[dict[str, Any], dict[str, int]], ...]


def by_category(record: Record, language: str) -> tuple[Bar, ...]:
    """Contributions of each category, in the order of the plan."""
    counts = Counter(one.category for one in record.contributions)
    return tuple(
        Bar(category.id, category.text("name", language), counts[category.id])
        for category in record.known.plan.categories
    )


def by_question(record: Record, language: str) -> tuple[Answered, ...]:
    """What was answered to each question."""
    return tuple(_answered(record, q, language) for q in record.known.plan.questions)


def _answered(record: Record, question: Question, language: str) -> Answered:
    told = record.choices.get(question.id, {})
    bars = tuple(
        Bar(value, value_text(question, value, language), told.get(value, 0))
        for value in (values_of(question) if question.kind != "text" else ())
    )
    words: tuple[Bar, ...] = ()
    if question.kind == "text":
        texts = [o.answers[question.id] for o in record.contributions if question.id in o.answers]
        words = word_counts(texts)
    mean = None
    if question.kind == "scale" and bars and all(bar.count is not None for bar in bars):
        number = sum(bar.count or 0 for bar in bars)
        total = sum(int(bar.id) * (bar.count or 0) for bar in bars)
        mean = total / number if number else None
    return Answered(question, record.answered.get(question.id, 0), bars, words, mean)


def word_counts(texts: Iterable[str], shown: int = WORDS_SHOWN) -> tuple[Bar, ...]:
    """The words that several texts use, the most used first; small words are left out.

    A text counts once for a word, however often it has it; words are told apart without case
    and accents, and shown as most texts write them.
    """
    used: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        found = re.findall(r"[^\W\d_]{3,}", text.lower())
        for word in {folded(form): form for form in found}:
            used[word] += 1
        for form in set(found):
            forms[folded(form)][form] += 1
    kept = [w for w, n in used.items() if n >= LEAST_USES and w not in _STOP]
    ranked = sorted(kept, key=lambda word: (-used[word], word))[:shown]
    return tuple(
        Bar(word, min(forms[word], key=lambda f: (-forms[word][f], f)), used[word])
        for word in ranked
    )


def counted_by(contributions: Sequence[Published], field: str) -> list[tuple[str, int]]:
    """Ids of places, commitments or territories (``field``) with their counts, most first."""
    counts = Counter(id for one in contributions if (id := getattr(one, field)))
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def over_time(contributions: Sequence[Published]) -> list[tuple[str, int]]:
    """Contributions by day (ISO), without gaps; by month where the days are very many."""
    if not contributions:
        return []
    days = Counter(one.day for one in contributions)
    first, last = min(days).toordinal(), max(days).toordinal()
    if last - first < LONGEST_SERIES:
        every = (type(min(days)).fromordinal(n) for n in range(first, last + 1))
        return [(day.isoformat(), days[day]) for day in every]
    months: Counter[str] = Counter()
    for day, count in days.items():
        months[day.isoformat()[:7]] += count
    return sorted(months.items())


def grid(record: Record) -> Grid:
    """Contributions that have a position, counted in the cells of a grid by category."""
    located = [one for one in record.contributions if one.position]
    positions = [one.position for one in located if one.position]
    side = grid_side(positions, record.known.plan.blur_m)
    cells = counted(positions, [one.category for one in located], side)
    return Grid(side, tuple((cell.outline(side), dict(cell.counts)) for cell in cells))


def matching(record: Record, text: str, **choices: str) -> list[Published]:
    """The contributions that have all words of a text in their free answers, and the choices.

    Parameters
    ----------
    record
        What is published.
    text
        Words, in any case and with or without accents.
    choices
        ``category``, ``place``, ``commitment``, ``territory``: ids; empty asks nothing.
    """
    wanted = folded(text).split()
    plan = record.known.plan
    found = []
    for one in record.contributions:
        if any(value and getattr(one, name) != value for name, value in choices.items()):
            continue
        said = folded(" ".join(answer for _question, answer in one.texts(plan)))
        if all(word in said for word in wanted):
            found.append(one)
    return found
