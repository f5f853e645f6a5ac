"""Texts held end to end read as the tuple that they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.packed import Packed

TEXTS = st.lists(st.binary(max_size=8)).map(tuple)


@given(TEXTS, st.slices(12))
def test_packed_texts_read_as_the_tuple(texts, part):
    packed = Packed(texts)
    assert tuple(packed) == texts
    assert len(packed) == len(texts)
    assert packed[part] == texts[part]
    assert [packed[i] for i in range(-len(texts), len(texts))] == [*texts, *texts]
    assert packed.many(reversed(range(len(texts)))) == list(reversed(texts))
    for outside in (len(texts), -len(texts) - 1):
        with pytest.raises(IndexError):
            packed[outside]


@given(TEXTS, TEXTS)
def test_packed_texts_are_equal_when_the_texts_are(one, other):
    assert (Packed(one) == Packed(other)) == (one == other)
    assert hash(Packed(one)) == hash(Packed(list(one)))
    assert Packed(one) != one
