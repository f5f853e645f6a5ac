"""Names and numbers on the map: none covers another, for any anchors."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from layers.sheets import Box
from webmap.printing.labelling import Placement, Wanted, _boxes

FRAME = Box(10, 10, 200, 150)
blocks = st.builds(
    Wanted,
    key=st.just("x"),
    anchor=st.tuples(st.floats(0, 220), st.floats(0, 170)),
    width=st.floats(2, 40),
    height=st.floats(2, 8),
    gap=st.floats(0.2, 3),
    rank=st.tuples(st.integers(0, 3)),
    angle=st.one_of(st.none(), st.floats(-90, 90)),
    room=st.floats(0, 120),
    centred=st.booleans(),
)


def overlap(one: Box, other: Box) -> bool:
    across = min(one.right, other.right) - max(one.x, other.x)
    up = min(one.top, other.top) - max(one.y, other.y)
    return across > 1e-9 and up > 1e-9


@settings(deadline=None)
@given(st.lists(blocks, max_size=40))
def test_nothing_covers_anything_and_all_stand_in_the_frame(wanted):
    symbol = Box(100, 80, 6, 6)
    room = Placement(FRAME)
    room.take(symbol)
    groups = [[symbol], *(_boxes(placed) for placed in room.place(wanted))]
    for number, group in enumerate(groups):
        for box in group:
            assert box.x >= 10 - 1e-9 and box.right <= 210 + 1e-9
            assert box.y >= 10 - 1e-9 and box.top <= 160 + 1e-9
            for others in groups[:number]:
                assert not any(overlap(box, other) for other in others)


@settings(deadline=None)
@given(st.lists(blocks, min_size=1, max_size=30))
def test_what_may_not_be_left_out_never_is(wanted):
    must = [Wanted(str(i), b.anchor, 10, 3, b.gap, b.rank, must=True) for i, b in enumerate(wanted)]
    room = Placement(FRAME)
    placed = room.place(must)
    assert {p.wanted.key for p in placed} == {w.key for w in must}
    for p in placed:
        assert p.x - 5 >= 10 - 1e-9 and p.x + 5 <= 210 + 1e-9
    # All at one spot still find room: lines tie those that stand away.
    crowd = [Wanted(str(i), (110, 85), 10, 3, 1, (0,), must=True) for i in range(40)]
    room = Placement(FRAME)
    assert len(room.place(crowd)) == 40
    assert room.forced == 0
