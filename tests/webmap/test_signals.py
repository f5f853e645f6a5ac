"""What is offered for redaction, and is nothing but the chosen parts taken out?"""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webmap.consultation.counts import publishable
from webmap.consultation.signals import (
    MASK,
    Span,
    floods,
    masked,
    occurrences,
    personal,
    quotes,
    repeats,
)

KNOWN = ("boulevard adolphe pinard", "parc anna marly", "square julia bartet", "porte de vanves")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Écrivez à jean.dupont+voie@exemple.fr, merci",
            [("email", "jean.dupont+voie@exemple.fr")],
        ),
        ("anne@mairie.exemple.org", [("email", "anne@mairie.exemple.org")]),
        ("Tél. 06 12 34 56 78.", [("phone", "06 12 34 56 78")]),
        ("0612345678 ou 01.40.00.00.00", [("phone", "0612345678"), ("phone", "01.40.00.00.00")]),
        ("+33 6 12 34 56 78", [("phone", "+33 6 12 34 56 78")]),
        ("0033 (0)1-40-00-00-00", [("phone", "0033 (0)1-40-00-00-00")]),
        ("la voisine, Mme Lefèvre, crie", [("person", "Mme Lefèvre")]),
        ("M. de La Tour se gare mal", [("person", "M. de La Tour")]),
        ("c’est Karim Benali qui", [("person", "Karim Benali")]),
        ("le Boulevard Adolphe Pinard", []),
        ("au parc Anna Marly et square Julia Bartet", []),
        ("Rue Victor Hugo, Place Jean Jaurès", []),
        ("Il y a 12 34 56 78 90 12 arbres", []),
        ("code 1234567890123", []),
        ("l’arobase @ seule, et le 14 juillet 2026", []),
        ("Le Boulevard est bruyant. Les Arbres manquent.", []),
    ],
)
def test_what_looks_like_personal_data(text: str, parts: list[tuple[str, str]]) -> None:
    assert [(span.kind, span.of(text)) for span in personal(text, KNOWN)] == parts


@given(st.text(max_size=300))
def test_spans_lie_in_the_text_in_order_and_apart(text: str) -> None:
    spans = personal(text)
    edges = [edge for span in spans for edge in (span.start, span.end)]
    assert edges == sorted(edges)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)


@given(
    st.text(max_size=60), st.from_regex(r"0[1-9]( \d\d){4}", fullmatch=True), st.text(max_size=60)
)
def test_a_number_is_found_wherever_it_stands(before: str, number: str, after: str) -> None:
    text = f"{before} : {number} ; {after}"
    spans = personal(text)
    assert any(span.start <= len(before) + 3 and number in span.of(text) for span in spans)
    assert number not in masked(text, spans)


@given(st.text(min_size=1, max_size=80), st.data())
def test_masking_takes_out_the_chosen_parts_and_nothing_else(
    text: str, data: st.DataObject
) -> None:
    edge = st.integers(0, len(text))
    pairs = data.draw(st.lists(st.tuples(edge, edge), max_size=4))
    spans = [Span(min(p), max(p), "typed") for p in pairs]
    hidden = {i for span in spans for i in range(span.start, span.end)}
    left = "".join(c for i, c in enumerate(text) if i not in hidden)
    assert masked(text, spans).replace(MASK, "") == left.replace(MASK, "")


def test_a_passage_is_found_each_time_and_as_it_is_written() -> None:
    text = "a.b axb a.b"
    assert [s.of(text) for s in occurrences(text, "a.b")] == ["a.b", "a.b"]
    assert occurrences(text, "") == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Plus d’arbres !", "plus d'arbres", True),
        ("Il faut planter des arbres ici", "Il faut planter des arbres ici svp", True),
        ("Il faut planter des arbres ici", "Il faut couper ces haies là-bas", False),
        ("Oui", "Non", False),
        ("", "", False),
    ],
)
def test_texts_that_say_nearly_the_same(one: str, other: str, same: bool) -> None:
    assert repeats(one, other) is same
    assert repeats(other, one) is same


def test_many_contributions_in_a_short_time_are_a_flood() -> None:
    start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    assert floods([start + datetime.timedelta(minutes=2 * i) for i in range(5)])
    assert not floods([start + datetime.timedelta(minutes=3 * i) for i in range(20)])
    assert not floods([start] * 4)


@pytest.mark.parametrize(
    ("note", "repeated"),
    [
        ("Met en cause une personne.", False),
        ("Il écrit que le maire est un voleur.", True),
        ("le MAIRE est un Voleur", True),
        ("Cite Karim Benali.", True),
        ("Voir a@b.fr", True),
        ("Appeler le 06 12 34 56 78", True),
    ],
)
def test_a_note_may_not_repeat_the_text(note: str, repeated: bool) -> None:
    texts = ["Pour moi le maire est un voleur, dit Karim Benali", "oui"]
    assert quotes(note, texts) is repeated


@given(st.dictionaries(st.integers(), st.integers(0, 40), max_size=8), st.integers(1, 20))
def test_no_small_count_can_be_read_or_worked_out(counts: dict[int, int], smallest: int) -> None:
    told = publishable(counts, smallest)
    hidden = [counts[key] for key, count in told.items() if count is None]
    assert all(count is None or count in (0, counts[key]) for key, count in told.items())
    assert not any(count is not None and 0 < count < smallest for count in told.values())
    if any(count >= smallest for count in told.values() if count):
        assert not hidden or (len(hidden) > 1 and sum(hidden) >= smallest)
