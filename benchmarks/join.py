"""How fast is the join, beside plain `geopandas.sjoin` on the same content in the same run?

Two questions. *Territorial*: which places lie in which territory, by the tie rule (at least half
of the place). A plain `sjoin` cannot say that: with ``intersects`` it answers another question,
faster; with the intersections measured after it, it answers ours, but for the places that have no
geometry. *Near*: which places are within 200 m of a named one; `sjoin` with ``dwithin`` answers
the same. The frames of geopandas are made beforehand and are not timed; ours starts from the atlas.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import pandas

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import results  # noqa: E402
from benchmarks.content import replicate  # noqa: E402
from layers.atlas import Atlas  # noqa: E402
from layers.crs import LAMBERT93, WGS84, frame_to  # noqa: E402
from layers.join import TERRITORIES, Join  # noqa: E402

NEAR_M = 200.0
Pairs = set[tuple[str, str]]


def frames(atlas: Atlas, join: Join) -> dict[str, geopandas.GeoDataFrame]:
    """Return places, territories that commitments hold for, and named places, in Lambert-93."""
    shapes = {place.id: atlas.territory_geometry(place.id) for place in join.places}
    located = [id for id, shape in shapes.items() if shape is not None]
    places = geopandas.GeoDataFrame(
        {"place": located, "geometry": [shapes[id] for id in located]}, crs=WGS84
    )
    places["territory_layer"] = [
        atlas.layers[atlas.places[id].layer].group == TERRITORIES for id in located
    ]
    planar = frame_to(places, LAMBERT93)
    scopes = list(dict.fromkeys(id for c in atlas.commitments.values() for id in c.scope))
    outlined = planar["place"].isin(scopes) & (planar.geom_type.isin(("Polygon", "MultiPolygon")))
    territories = planar[outlined].rename(columns={"place": "territory"})
    named = {id for c in atlas.commitments.values() for id in c.places}
    beside = planar[~planar["territory_layer"]]
    return {
        "places": planar[["place", "geometry"]],
        "territories": territories[["territory", "geometry"]],
        "beside": beside[["place", "geometry"]],
        "named": beside[beside["place"].isin(named)].rename(columns={"place": "named"})[
            ["named", "geometry"]
        ],
    }


def plain(data: dict[str, geopandas.GeoDataFrame]) -> pandas.DataFrame:
    """Return the pairs that intersect."""
    return geopandas.sjoin(data["territories"], data["places"], predicate="intersects")


def by_half(data: dict[str, geopandas.GeoDataFrame]) -> Pairs:
    """Return the pairs of which at least half of the place lies in the territory."""
    pairs = plain(data)
    shapes = data["places"].geometry.loc[pairs["index_right"]].reset_index(drop=True)
    outlines = pairs.geometry.reset_index(drop=True)
    inside = shapes.intersection(outlines)
    share = (inside.area / shapes.area).fillna(0)
    lines = shapes.geom_type.isin(("LineString", "MultiLineString"))
    share = share.where(~lines, inside.length / shapes.length)
    points = shapes.geom_type.isin(("Point", "MultiPoint"))
    share = share.where(~points, inside.count_coordinates() / shapes.count_coordinates())
    kept = share >= 0.5 - 1e-9
    return set(
        zip(pairs["territory"][kept.to_numpy()], pairs["place"][kept.to_numpy()], strict=True)
    )


def nearby(data: dict[str, geopandas.GeoDataFrame]) -> pandas.DataFrame:
    """Return the pairs of a named place and another within `NEAR_M`."""
    return geopandas.sjoin(data["named"], data["beside"], predicate="dwithin", distance=NEAR_M)


def timed(run: Callable[[], Any], runs: int) -> tuple[float, Any]:
    """Return the median CPU time of so many runs, in seconds, and what the last one returned.

    CPU time, because either side runs on one thread and a machine is seldom quiet.
    """
    taken = []
    for _ in range(runs):
        start = time.process_time()
        answer = run()
        taken.append(time.process_time() - start)
    return statistics.median(taken), answer


def agreement(join: Join, data: dict[str, geopandas.GeoDataFrame], theirs: Pairs) -> str:
    """Say how many territorial pairs of located places are in one answer only."""
    located = set(data["places"]["place"])
    ours = {
        (territory, place)
        for territory in data["territories"]["territory"]
        for place in join.contents(territory)
        if place in located
    }
    stated = {
        pair
        for pair in ours - theirs
        if join.atlas.places[pair[1]].within or join.atlas.places[pair[0]].members
    }
    return f"{len(ours & theirs):,} / {len(ours - theirs - stated)} / {len(theirs - ours)}"


def rows(times: int, folder: Path, runs: int) -> list[list[object]]:
    """Return the lines of the table for one size."""
    atlas = Atlas.load(folder)
    ours, join = timed(lambda: Join(atlas), runs)
    data = frames(atlas, join)
    simple, crossing = timed(lambda: plain(data), runs)
    half, theirs = timed(lambda: by_half(data), runs)
    near, links = timed(lambda: join.near(NEAR_M), runs)
    near_theirs, pairs = timed(lambda: nearby(data), runs)
    expected = {(a, b) for a, b in zip(pairs["named"], pairs["place"], strict=True) if a != b}
    found = {
        (named, place)
        for commitment, places in links.items()
        for named in atlas.commitments[commitment].places
        for place in places
        if (named, place) in expected
    }
    own = {id: join.own_places(id) for id in atlas.commitments}
    missing = sum(any(b not in own[id] for id in atlas.direct[a]) for a, b in expected - found)
    size = f"{times}× ({len(join.places):,} places, {len(data['territories']):,} territories)"
    return [
        [
            size,
            "territorial",
            f"{ours * 1e3:.1f}",
            f"{simple * 1e3:.1f}",
            f"{ours / simple:.2f}",
            f"another question: {len(crossing):,} pairs",
        ],
        [
            "",
            "territorial, same answer",
            f"{ours * 1e3:.1f}",
            f"{half * 1e3:.1f}",
            f"{ours / half:.2f}",
            agreement(join, data, theirs),
        ],
        [
            "",
            f"near, {NEAR_M:.0f} m",
            f"{near * 1e3:.1f}",
            f"{near_theirs * 1e3:.1f}",
            f"{near / near_theirs:.2f}",
            f"{len(expected) - missing:,} / 0 / {missing}",
        ],
    ]


def main() -> None:
    """Measure and print; with ``--write`` into RESULTS.md too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / "data", help="the content (data/)")
    parser.add_argument("--times", type=int, nargs="+", default=[1, 10, 100], help="sizes")
    parser.add_argument("--runs", type=int, default=5, help="runs a figure")
    parser.add_argument("--write", action="store_true", help="write to RESULTS.md")
    arguments = parser.parse_args()
    lines: list[list[object]] = []
    with tempfile.TemporaryDirectory() as scratch:
        for times in arguments.times:
            folder = replicate(arguments.data, Path(scratch) / str(times), times)
            lines += rows(times, folder, arguments.runs)
    headers = (
        "content",
        "question",
        "ours, ms",
        "geopandas, ms",
        "ratio",
        "pairs in both / ours only / theirs only",
    )
    body = (
        "## The join beside geopandas\n\n"
        f"{results.machine('shapely', 'geopandas', 'pandas', 'pyproj')} "
        f"Median CPU time of {arguments.runs} runs; a ratio below 1 means that ours is faster.\n\n"
        f"{results.table(headers, lines)}\n"
    )
    print(body)
    if arguments.write:
        results.write("join", body)


if __name__ == "__main__":
    main()
