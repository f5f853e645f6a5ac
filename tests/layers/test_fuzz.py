"""Whatever is done to the files: an atlas or a list of faults, never another error."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.atlas import Atlas
from layers.errors import DataFaults
from tests.content import Content

FILES = (
    "geo/catalogue.toml",
    "geo/sites.geojson",
    "geo/voies.geojson",
    "geo/territoires.geojson",
    "commitments/documents.toml",
    "commitments/schema.json",
    "commitments/convention.csv",
    "commitments/actors.csv",
    "commitments/indicators.csv",
    "commitments/discrepancies.csv",
)
JUNK = st.binary(max_size=6) | st.sampled_from(
    [b"null", b"true", b"-1", b"1e999", b'""', b"[]", b"{}", b'"x"', b"\n", b"|", b";", b"|x|"]
)
FEW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def loads_or_lists_faults(content: Content) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = content.write(Path(folder))
        try:
            Atlas.load(path)
        except DataFaults as error:
            assert error.faults
            assert all(f.file and f.problem and f.remedy for f in error.faults)


@FEW
@given(st.sampled_from(FILES), st.data())
def test_damaged_bytes(file, data):
    content = Content()
    with tempfile.TemporaryDirectory() as folder:
        whole = (content.write(Path(folder)) / file).read_bytes()
    start = data.draw(st.integers(0, len(whole)))
    length = data.draw(st.integers(0, 12))
    content.raw[file] = whole[:start] + data.draw(JUNK) + whole[start + length :]
    loads_or_lists_faults(content)


@FEW
@given(st.sampled_from(FILES), st.binary(max_size=40))
def test_files_of_junk(file, junk):
    content = Content()
    content.raw[file] = junk
    loads_or_lists_faults(content)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "type", "coordinates", "label"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)
KEYS = (
    "id",
    "name",
    "kind",
    "aliases",
    "communes",
    "documents",
    "facts",
    "position",
    "members",
    "within",
    "status",
)


@FEW
@given(st.sampled_from(KEYS), VALUES)
def test_properties_of_any_type(key, value):
    content = Content()
    content.feature("jardin")["properties"][key] = value
    loads_or_lists_faults(content)


@FEW
@given(st.sampled_from(["method", "precision_m", "sources", "note"]), VALUES)
def test_positions_of_any_type(key, value):
    content = Content()
    content.feature("jardin")["properties"]["position"][key] = value
    loads_or_lists_faults(content)


@FEW
@given(st.sampled_from(["type", "id", "geometry", "properties"]), VALUES)
def test_features_of_any_type(key, value):
    content = Content()
    content.layers["sites"][0][key] = value
    loads_or_lists_faults(content)


@FEW
@given(st.sampled_from(["type", "coordinates"]), VALUES)
def test_geometries_of_any_type(key, value):
    content = Content()
    content.feature("jardin")["geometry"][key] = value
    loads_or_lists_faults(content)


@pytest.mark.parametrize("column", list(Content().tables["convention"][0]))
@FEW
@given(st.text(max_size=8))
def test_cells_of_any_text(column, cell):
    content = Content()
    content.tables["convention"][0][column] = cell
    loads_or_lists_faults(content)
