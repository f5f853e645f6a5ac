"""Is every fault of the data found, with its file, row and remedy, and are all found at once?"""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from layers.atlas import Atlas
from layers.errors import DataFaults, Fault
from tests.content import Content, box, csv_bytes, layer_bytes, line, point, row

ROW = {
    f"convention-{part}": f"line {n}"
    for n, part in enumerate(("a-1", "a-2", "a-3", "b-1-1", "b-1-2", "b-1-3"), start=2)
}
REGISTER = "commitments/convention.csv"


def faults(content: Content, folder) -> tuple[Fault, ...]:
    with pytest.raises(DataFaults) as caught:
        Atlas.load(content.write(folder))
    return caught.value.faults


def only(content: Content, folder) -> Fault:
    found = faults(content, folder)
    assert len(found) == 1, "\n".join(map(str, found))
    return found[0]


def test_the_tiny_content_has_no_fault(content, tmp_path):
    Atlas.load(content.write(tmp_path))


# The register: one cell at a time

CELLS = [
    # id, column, value, part of the problem, part of the remedy
    ("convention-a-1", "kind", "frim", "'frim' is not allowed", "Use firm"),
    ("convention-a-1", "kind", "", "empty", "Fill in kind"),
    ("convention-a-1", "theme", "sport", "not allowed", "Use one of amenagement"),
    ("convention-a-1", "theme", "mobilite", "not allowed", "Use mobilites"),
    ("convention-a-1", "summary_fr", "  ", "empty", "Fill in"),
    ("convention-a-1", "due", "31/12/2022", "not a date", "here 2022-12-31"),
    ("convention-a-1", "due", "2022-13-01", "not a date", "YYYY-MM-DD"),
    ("convention-a-1", "due", "fin 2022", "not a date", "YYYY-MM-DD"),
    ("convention-a-1", "lead", "ville-ouset", "no actor has the id", "Use ville-ouest"),
    ("convention-a-1", "partners", "ville-est|zzz", "no actor has the id 'zzz'", "Add the actor"),
    ("convention-a-1", "places", "rue-oest", "no place has the id", "Use rue-ouest"),
    ("convention-a-1", "places", "rue-ouest||jardin", "an empty item", "Write one |"),
    ("convention-a-1", "places", "jardin|jardin", "'jardin' is listed twice", "List it once"),
    ("convention-b-1-1", "scope", "commune-nord", "no place has the id", "commune-ouest"),
    ("convention-a-1", "scope", "commune-est", "both places and scope", "Keep the places"),
    ("convention-a-1", "places", "", "neither places nor scope", "Name the places"),
    ("convention-a-1", "related", "convention-a-9", "no commitment has the id", "convention-a-"),
    ("convention-a-1", "also_in", "b-2", "no section of convention has the id", "Use b-1"),
    ("convention-a-1", "figures", "1000 m", "'1000 m' has not the form", "libellé=valeur"),
    ("convention-a-1", "document", "autre", "'autre' in the file of convention", "move the row"),
    ("convention-a-1", "id", "convention-a", "has not the form", "<document>-<section>-<n>"),
    ("convention-a-1", "id", "convention-b-1-9", "does not fit", "convention-a-9"),
]


@pytest.mark.parametrize(("id", "column", "value", "problem", "remedy"), CELLS)
def test_a_bad_cell_is_named(content, tmp_path, id, column, value, problem, remedy):
    content.commitment(id)[column] = value
    found = [f for f in faults(content, tmp_path) if f.file == REGISTER]
    fault = next(f for f in found if problem in f.problem)
    assert fault.row == ROW[id]
    assert remedy in fault.remedy
    assert fault.subject in (column, "scope", "places")


def test_an_id_used_twice_names_both_lines(content, tmp_path):
    content.tables["convention"].append(row("convention-a-1", places="rue-ouest"))
    fault = only(content, tmp_path)
    assert (fault.file, fault.row) == (REGISTER, "line 8")
    assert "first on line 2" in fault.problem


def test_an_unknown_section_is_named(content, tmp_path):
    content.tables["convention"].append(row("convention-c-1", places="rue-ouest"))
    fault = only(content, tmp_path)
    assert (fault.row, fault.subject) == ("line 8", "section")


# The register: the file


def test_an_unknown_and_a_missing_column_are_named(content, tmp_path):
    for cells in content.tables["convention"]:
        cells["leads"] = cells.pop("lead")
    first, second = faults(content, tmp_path)[:2]
    assert (first.row, first.subject, first.remedy) == ("line 1", "leads", "Did you mean lead?")
    assert second.problem == "the column 'lead' is missing"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a mark"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
def test_what_a_spreadsheet_saves_is_read(content, tmp_path, delimiter, mark, end):
    data = csv_bytes(content.tables["convention"], delimiter).replace(b"\n", end)
    content.raw[REGISTER] = mark + data
    atlas = Atlas.load(content.write(tmp_path))
    assert atlas.commitment("convention-a-2").places == ("rue-ouest", "jardin")
    assert atlas.commitment("convention-a-1").figures == ("Coût=12 €",)


@pytest.mark.parametrize(("encoding", "guess"), [("cp1252", "Windows-1252"), ("utf-16", "UTF-16")])
def test_another_encoding_is_named_with_its_remedy(content, tmp_path, encoding, guess):
    text = csv_bytes(content.tables["convention"]).decode()
    content.raw[REGISTER] = text.encode(encoding)
    fault = next(f for f in faults(content, tmp_path) if f.file == REGISTER)
    assert guess in fault.problem
    assert "CSV UTF-8" in fault.remedy
    assert fault.row == ("line 2" if encoding == "cp1252" else "line 1")


def test_a_quoted_cell_may_hold_lines_and_rows_are_still_counted(content, tmp_path):
    content.commitment("convention-a-1")["note"] = "une\nnote, sur deux lignes"
    content.commitment("convention-a-2")["kind"] = "ferme"
    fault = faults(content, tmp_path)[0]
    assert fault.row == "line 4"


def test_a_ragged_line_is_named(content, tmp_path):
    data = csv_bytes(content.tables["convention"]).replace(b",study,", b",study,,")
    content.raw[REGISTER] = data
    fault = faults(content, tmp_path)[0]
    assert (fault.row, fault.problem) == ("line 3", "19 cells where the header has 18")


def test_an_open_quote_is_named(content, tmp_path):
    data = csv_bytes(content.tables["convention"]) + b'convention-a-9,"'
    content.raw[REGISTER] = data
    assert any("not valid CSV" in f.problem for f in faults(content, tmp_path))


def test_blank_lines_are_no_fault(content, tmp_path):
    content.raw[REGISTER] = csv_bytes(content.tables["convention"]) + b"\n,,,,,,,,,,,,,,,,,\n"
    assert len(Atlas.load(content.write(tmp_path)).commitments) == 6


@pytest.mark.parametrize(
    "file",
    [
        "commitments/convention.csv",
        "commitments/actors.csv",
        "commitments/indicators.csv",
        "commitments/discrepancies.csv",
        "commitments/documents.toml",
        "commitments/schema.json",
        "geo/catalogue.toml",
        "geo/voies.geojson",
    ],
)
def test_a_missing_file_is_named(content, tmp_path, file):
    content.raw[file] = None
    assert any(f.file == file and "missing" in f.problem for f in faults(content, tmp_path))


@pytest.mark.parametrize("file", ["commitments/autre.csv", "geo/autre.geojson"])
def test_a_file_that_nothing_announces_is_named(content, tmp_path, file):
    content.raw[file] = b"x"
    fault = only(content, tmp_path)
    assert fault.file == file
    assert "Add the" in fault.remedy


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda s: s.pop("resources"), "not a Table Schema package"),
        (lambda s: s["resources"][1]["schema"]["fields"].pop(), "other fields"),
        (
            lambda s: s["resources"][1]["schema"]["fields"][8]["constraints"]["enum"].append("x"),
            "a kind that is unknown",
        ),
        (
            lambda s: s["resources"][3]["schema"]["fields"][1]["constraints"]["enum"].append("x"),
            "is unknown",
        ),
    ],
)
def test_a_schema_that_does_not_fit_is_named(content, tmp_path, change, problem):
    schema = json.loads((content.write(tmp_path) / "commitments/schema.json").read_text("utf-8"))
    change(schema)
    content.raw["commitments/schema.json"] = json.dumps(schema).encode()
    assert any(problem in f.problem for f in faults(content, tmp_path))


def test_a_broken_schema_is_named_with_its_line(content, tmp_path):
    content.raw["commitments/schema.json"] = b'{\n"resources": ['
    assert faults(content, tmp_path)[0].row == "line 2"


# TOML


@pytest.mark.parametrize(
    ("old", "new", "row", "problem"),
    [
        ('object_fr = "Coopérer"', "object_fr = Coopérer", "", "line 10"),
        ('object_fr = "Coopérer"', "", "document convention", "missing"),
        ('object_fr = "Coopérer"', "object_fr = 3", "document convention", "3 is not a text"),
        ("producer =", "productor =", "document convention", "unknown key"),
        ('title_fr = "Convention d’essai"', 'title_fr = ""', "document convention", "empty"),
        ('"ville-est"]', '"ville-sud"]', "document convention", "no actor has the id 'ville-sud'"),
        ('"commune-est"]', '"x"]', "document convention", "no place has the id 'x'"),
        ('party = "ville-ouest"', 'party = "maire"', "document convention", "no actor"),
        ('id = "b-1"', 'id = "a"', "document convention", "the id 'a' is there twice"),
    ],
)
def test_a_fault_in_documents_is_named(content, tmp_path, old, new, row, problem):
    assert old in content.documents
    content.documents = content.documents.replace(old, new)
    found = [f for f in faults(content, tmp_path) if f.file == "commitments/documents.toml"]
    assert any(f.row == row and problem in f.problem for f in found), found


@pytest.mark.parametrize(
    ("old", "new", "row", "problem"),
    [
        ("order = 10", "order = ten", "", "line 39"),
        ("data_date = 2024-06-30", "", "[atlas]", "missing"),
        ("2024-06-30", '"30 juin"', "[atlas]", "is not a date"),
        ("order = 10", "order = 1.5", "layer territoires", "1.5 is not a whole number"),
        ("order = 10", "order = true", "layer territoires", "True is not a whole number"),
        ("visible = true", "visible = 1", "layer territoires", "1 is not true or false"),
        ("tolerance_m = 10", "tolerance_m = -1", "layer territoires", "out of range"),
        ("tolerance_m = 10", "tolerance = 10", "layer territoires", "unknown key"),
        ('"Polygon"', '"Polygone"', "layer territoires", "not allowed"),
        ('sources = ["dessin"]', 'sources = ["desin"]', "layer territoires", "no source"),
        ('sources = ["dessin"]', "sources = [1]", "layer territoires", "not a list of texts"),
        ('sources = ["dessin"]', 'sources = ["releve"]', "layer territoires", "under ODbL-1.0"),
        ('id = "voies"', 'id = "engagements"', "layer engagements", "reserved"),
        ('id = "voies"', 'id = "Voies !"', "layer Voies !", "not a slug"),
        ('id = "releve"', 'id = "dessin"', "source dessin", "two entries have the id"),
        ("[2.29, 48.79, 2.35, 48.83]", "[48.79, 2.29, 48.83]", "area essai", "not 4 numbers"),
        ("[2.29, 48.79, 2.35, 48.83]", "[2.29, 48.83, 2.35, 48.79]", "area essai", "not a box"),
        ('title_fr = "Atlas d’essai"', "", "[atlas]", "missing"),
        ('layer = "voies"', 'layer = "voie"', "corridor coulee", "no layer has the id 'voie'"),
        ('"square", "site-perdu"]', '"sqare"]', "corridor coulee", "no place has the id 'sqare'"),
        ('from = "coulee-sud"', 'from = "gare"', "corridor coulee", "no stretch has the id"),
        ('  { place = "gare", from = "coulee-sud" },\n', "", "corridor coulee", "1 ends"),
        (
            'place = "gare", from = "coulee-sud"',
            'place = "site-perdu"',
            "corridor coulee",
            "that are located",
        ),
    ],
)
def test_a_fault_in_the_catalogue_is_named(content, tmp_path, old, new, row, problem):
    assert old in content.catalogue
    content.catalogue = content.catalogue.replace(old, new, 1)
    found = [f for f in faults(content, tmp_path) if f.file == "geo/catalogue.toml"]
    assert any(f.row == row and problem in f.problem for f in found), found


# Layers

Change = Callable[[dict], object]


def geometry(value: object) -> Change:
    return lambda f: f.update(geometry=value)


def set_property(**values: object) -> Change:
    return lambda f: f["properties"].update(values)


def position(**values: object) -> Change:
    return lambda f: f["properties"]["position"].update(values)


BOW_TIE = {
    "type": "Polygon",
    "coordinates": [
        [[2.306, 48.808], [2.307, 48.809], [2.307, 48.808], [2.306, 48.809], [2.306, 48.808]]
    ],
}
OPEN_RING = {"type": "Polygon", "coordinates": [[[2.306, 48.808], [2.307, 48.809], [2.307, 48.8]]]}
CLOCKWISE = {
    "type": "Polygon",
    "coordinates": [box(2.306, 48.808, 2.307, 48.809)["coordinates"][0][::-1]],
}
FEATURES = [
    # what is done to the garden, part of the problem, part of the remedy
    (geometry(BOW_TIE), "Self-intersection[2.3065 48.8085]", "Correct it there"),
    (geometry(OPEN_RING), "do not form a closed linestring", "RFC 7946"),
    (geometry(CLOCKWISE), "turns the wrong way", "anticlockwise"),
    (geometry({"type": "Point"}), "'coordinates' not found", "RFC 7946"),
    (geometry({"type": "Points", "coordinates": []}), "Unknown geometry type", "RFC 7946"),
    (geometry({"type": "Point", "coordinates": ["2,3", 48]}), "type must be number", "RFC 7946"),
    (geometry({"type": "Point", "coordinates": [2.3, 48.8, 35]}), "heights", "2D"),
    (geometry({"type": "Polygon", "coordinates": []}), "empty", "null"),
    (geometry(point(48.808, 2.306)), "latitude is written before longitude", "Swap them"),
    (geometry(point(651000, 6861000)), "outside WGS84", "metres"),
    (geometry(point(-73.5, 45.5)), "far from every area", "add an area"),
    (geometry(point(2.3060001, 48.8)), "more than 6 decimals", "Round"),
    (geometry(None), "null although the method is", "unlocated"),
    (lambda f: f.pop("geometry"), "missing", "or null"),
    (position(precision_m=None), "precision_m is missing", "in metres"),
    (position(precision_m="10"), "'10' is not a number", "a number"),
    (position(precision_m=-5), "out of range", "from 0"),
    (position(method="drawn"), "'drawn' is not allowed", "Use one of"),
    (position(method="unlocated"), "although there is a geometry", "State the method"),
    (position(sources=["dessins"]), "no source has the id 'dessins'", "Use dessin"),
    (position(accuracy=3), "unknown key", "Remove it"),
    (lambda f: f["properties"].pop("position"), "missing", "precision_m"),
    (set_property(name=""), "empty", "Fill in name"),
    (set_property(name=3), "3 is not a text", "a text"),
    (set_property(statut="ouvert"), "unknown key", "Did you mean status?"),
    (set_property(status=3), "3 is not of the type string", "or null"),
    (set_property(communes=["commune-oest"]), "no place has the id", "commune-ouest"),
    (set_property(within="commune-oest"), "no place has the id", "commune-ouest"),
    (set_property(documents=["conventions"]), "no document has the id", "convention"),
    (set_property(members=["jardin"]), "a member of itself", "circle"),
    (set_property(id="jardins"), "the feature says 'jardin'", "the same id"),
    (
        set_property(
            facts=[
                {"label": "L", "value": 3, "unit": "m", "document": "convention", "section": "z"}
            ]
        ),
        "no section of convention",
        "correct the id",
    ),
    (set_property(facts=[{"label": "L", "value": None}]), "neither text nor number", "stated"),
    (set_property(facts=["L"]), "'L' is not a table", "Write"),
    (lambda f: f.pop("properties"), "missing", "Write the properties"),
]


@pytest.mark.parametrize(("change", "problem", "remedy"), FEATURES)
def test_a_fault_of_a_feature_is_named(content, tmp_path, change, problem, remedy):
    change(content.feature("jardin"))
    found = [f for f in faults(content, tmp_path) if f.file == "geo/sites.geojson"]
    assert any(
        problem in f.problem and remedy in f.remedy and f.row.startswith("feature jardin")
        for f in found
    ), found


def test_a_faulty_geometry_is_one_fault(content, tmp_path):
    content.feature("jardin")["geometry"] = BOW_TIE
    content.catalogue = content.catalogue.partition("[[corridor]]")[0]
    assert only(content, tmp_path).subject == "geometry"


def test_a_corridor_with_a_faulty_place_does_not_hide_other_faults(content, tmp_path):
    content.feature("coulee-nord")["geometry"] = point(48.8, 2.3)
    content.commitment("convention-a-1")["kind"] = "x"
    assert {f.file for f in faults(content, tmp_path)} >= {"geo/voies.geojson", REGISTER}


def test_a_geometry_of_another_type_is_named(content, tmp_path):
    content.feature("rue-ouest")["geometry"] = point(2.301, 48.81)
    assert any("a Point in a layer of LineString" in f.problem for f in faults(content, tmp_path))


def test_unlocated_without_a_note_is_named(content, tmp_path):
    content.feature("site-perdu")["properties"]["position"]["note"] = " "
    assert only(content, tmp_path).remedy == "Say what was looked for"


def test_an_id_used_in_two_layers_names_both_files(content, tmp_path):
    twin = content.copy().feature("jardin")
    twin["geometry"] = line((2.301, 48.8), (2.302, 48.8))
    del twin["properties"]["status"]
    content.layers["voies"].append(twin)
    fault = only(content, tmp_path)
    assert {fault.file, fault.problem.split("also in ")[1]} == {
        "geo/sites.geojson",
        "geo/voies.geojson)",
    }


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"{", "not valid JSON"),
        (b"[]", "not a FeatureCollection"),
        (b'{"type": "FeatureCollection"}', "missing"),
        (b'{"type": "FeatureCollection", "features": [3]}', "not a Feature"),
        ("{'é'}".encode("latin-1"), "not valid JSON"),
    ],
)
def test_a_layer_that_is_no_geojson_is_named(content, tmp_path, data, problem):
    content.raw["geo/voies.geojson"] = data
    found = [f for f in faults(content, tmp_path) if f.file == "geo/voies.geojson"]
    assert problem in found[0].problem


def test_a_projected_layer_is_named(content, tmp_path):
    data = json.loads(layer_bytes(content.layers["voies"]))
    data["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}
    content.raw["geo/voies.geojson"] = json.dumps(data).encode()
    assert only(content, tmp_path).subject == "crs"


# All at once


def test_faults_of_every_file_are_reported_together(content, tmp_path):
    content.catalogue = content.catalogue.replace("order = 20", "order = 2.5")
    content.documents = content.documents.replace("Coopérer", "").replace('"A. Voies"', '""')
    content.feature("jardin")["properties"]["status"] = 3
    content.feature("gare")["geometry"] = point(48.8, 2.3)
    content.commitment("convention-a-1")["kind"] = "x"
    content.commitment("convention-a-2")["due"] = "x"
    content.tables["actors"][0]["kind"] = "x"
    content.tables["indicators"][0]["places"] = "x"
    content.tables["discrepancies"][0]["severity"] = "x"
    content.tables["discrepancies"][0]["section_b"] = "x"
    found = faults(content, tmp_path)
    assert {f.file for f in found} == {
        "geo/catalogue.toml",
        "geo/sites.geojson",
        "commitments/documents.toml",
        REGISTER,
        "commitments/actors.csv",
        "commitments/indicators.csv",
        "commitments/discrepancies.csv",
    }
    assert len([f for f in found if f.file == REGISTER]) == 2
    assert len([f for f in found if f.file == "commitments/discrepancies.csv"]) == 2
    assert all(f.problem and f.remedy for f in found)


def test_the_message_lists_every_fault(content, tmp_path):
    content.commitment("convention-a-1")["kind"] = "x"
    content.commitment("convention-a-2")["due"] = "x"
    with pytest.raises(DataFaults, match="2 faults in the data") as caught:
        Atlas.load(content.write(tmp_path))
    assert str(caught.value).count("\n- commitments/convention.csv, line") == 2


def test_an_empty_folder_is_a_list_of_missing_files(tmp_path):
    with pytest.raises(DataFaults) as caught:
        Atlas.load(tmp_path)
    assert {f.problem for f in caught.value.faults} == {"the file is missing"}
