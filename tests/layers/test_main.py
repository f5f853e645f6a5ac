"""Does the command line answer readably, and with the exit code that its help states?"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from layers.__main__ import main
from layers.commands import FAULTS, OK, USAGE
from layers.text import counted, number, table

ROOT = Path(__file__).parents[2]
COMMANDS = ("check", "join", "breaks", "discrepancies", "locate", "export")


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    out = capsys.readouterr()
    return code, out.out, out.err


@pytest.fixture
def data(tiny_folder) -> list[str]:
    return ["--data", str(tiny_folder)]


def test_check_counts_what_is_there(capsys, data):
    code, out, _ = run(capsys, "check", *data)
    assert code == OK
    assert out.startswith("No fault in ")
    assert [line.split()[-1] for line in out.splitlines()[4:8]] == ["3", "12", "11", "1"]
    code, out, _ = run(capsys, "check", "--json", *data)
    answer = json.loads(out)
    assert (answer["commitments"], answer["faults"]) == (6, [])


def test_check_prints_every_fault_with_file_row_and_remedy(capsys, content, tmp_path):
    content.commitment("convention-a-1")["kind"] = "frim"
    content.feature("jardin")["geometry"]["coordinates"][0][0] = [2.3055001, 48.808]
    content.write(tmp_path)
    code, out, _ = run(capsys, "check", "--data", str(tmp_path))
    assert code == FAULTS
    assert "commitments/convention.csv" in out
    assert "line 2" in out
    assert "Use firm" in out
    assert "feature jardin" in out
    code, out, _ = run(capsys, "check", "--json", "--data", str(tmp_path))
    faults = json.loads(out)["faults"]
    assert code == FAULTS
    assert set(faults[0]) == {"file", "row", "subject", "problem", "remedy"}


def test_join_reports_rule_and_counts(capsys, data):
    code, out, _ = run(capsys, "join", *data, "--districts", "sites", "--near", "150")
    assert code == OK
    assert out.startswith("Tie rule. A place lies in a territory when at least half")
    assert "within 150 m" in out
    for kind in ("direct", "territorial", "near"):
        assert f"\n{kind} " in out
    assert "Places of the layer sites that no commitment names: 2." in out
    code, out, _ = run(capsys, "join", *data, "--json")
    assert [kind["kind"] for kind in json.loads(out)["kinds"]] == ["direct", "territorial", "near"]


@pytest.mark.parametrize("arguments", [("--place", "jardin"), ("--commitment", "convention-b-1-1")])
def test_join_lists_the_links_of_one(capsys, data, arguments):
    code, out, _ = run(capsys, "join", *data, *arguments)
    assert code == OK
    assert "territorial  convention-b-1-1" in out
    code, out, _ = run(capsys, "join", *data, *arguments, "--json")
    assert {"kind", "commitment", "place", "via", "distance_m"} == set(json.loads(out)[0])


def test_join_says_when_there_is_nothing(capsys, content, tmp_path):
    content.commitment("convention-b-1-1")["scope"] = "commune-est"
    content.commitment("convention-b-1-2")["scope"] = "commune-est"
    folder = str(content.write(tmp_path))
    _, out, _ = run(capsys, "join", "--data", folder, "--place", "gare", "--near", "0")
    assert out == "gare has no link.\n"


def test_breaks_tell_ends_straight_length_and_hops(capsys, data):
    code, out, _ = run(capsys, "breaks", *data)
    assert code == OK
    assert "straight: 656 m (± 20 m" in out
    assert "stones that nothing locates: site-perdu" in out
    assert "Through every stone: 489 m" in out
    code, out, _ = run(capsys, "breaks", "coulee", *data, "--json")
    (gap,) = json.loads(out)
    assert gap["hops_m"] == pytest.approx(489.3, abs=0.1)
    assert [hop["end"] for hop in gap["hops"]] == ["jardin", "square", "gare"]


def test_an_unknown_corridor_is_a_wrong_question(capsys, data):
    code, out, err = run(capsys, "breaks", "x", *data)
    assert (code, out) == (USAGE, "")
    assert "allowed: coulee" in err


def test_discrepancies_show_both_values(capsys, data):
    code, out, _ = run(capsys, "discrepancies", *data)
    assert code == OK
    assert "700 m" in out
    assert "734 m" in out
    assert "Between the sources: 1 spelling." in out
    assert "Ouëst" not in out
    _, out, _ = run(capsys, "discrepancies", "--sources", *data)
    assert "Ouëst" in out
    _, out, _ = run(capsys, "discrepancies", "--json", *data)
    assert json.loads(out)["measured"][0]["verdict"] == "differs"


def test_export_writes_files(capsys, data, tmp_path):
    path = tmp_path / "voies.geojson"
    code, _, _ = run(capsys, "export", "voies", *data, "-o", str(path))
    assert code == OK
    assert json.loads(path.read_bytes())["name"] == "voies"
    path = tmp_path / "register.csv"
    arguments = ("--format", "csv", "--spreadsheet", "--document", "convention")
    code, _, _ = run(capsys, "export", "engagements", *data, "-o", str(path), *arguments)
    assert code == OK
    assert path.read_bytes().startswith(b"\xef\xbb\xbfid;document;")


def test_export_writes_to_standard_output(capfdbinary, data):
    assert main(["export", "sites", *data]) == OK
    assert json.loads(capfdbinary.readouterr().out)["name"] == "sites"


@pytest.mark.parametrize(
    "arguments",
    [
        ("export", "voie"),
        ("export", "voies", "--format", "csv"),
        ("export", "engagements", "--format", "csv", "--document", "x"),
        ("join", "--place", "x"),
        ("join", "--commitment", "x"),
        ("join", "--near", "-1"),
        ("join", "--near", "nan"),
    ],
)
def test_a_wrong_question_is_not_a_fault_of_the_data(capsys, data, arguments):
    code, out, err = run(capsys, *arguments, *data)
    assert (code, out) == (USAGE, "")
    assert err


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("x",),
        ("check", "--nope"),
        ("join", "--place", "a", "--commitment", "b"),
        ("locate", "--accept", "a"),
        ("locate", "--accept", "=1"),
        ("locate", "--min-score", "2"),
        ("locate", "--min-score", "high"),
        ("export",),
    ],
)
def test_argparse_refuses_with_the_same_code(capsys, arguments):
    with pytest.raises(SystemExit) as caught:
        main(list(arguments))
    assert caught.value.code == USAGE
    assert "usage:" in capsys.readouterr().err


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)])
def test_help_states_the_exit_codes(capsys, command):
    with pytest.raises(SystemExit) as caught:
        main([*command, "--help"])
    out = capsys.readouterr().out
    assert caught.value.code == OK
    assert "exit codes:" in out
    assert "%(" not in out
    assert all(len(line) <= 100 for line in out.splitlines())


def test_the_module_runs(tiny_folder):
    done = subprocess.run(
        [sys.executable, "-m", "layers", "check", "--json", "--data", str(tiny_folder)],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (OK, b"")
    assert json.loads(done.stdout)["layers"] == 3


# Text


def test_a_table_aligns_and_wraps():
    text = table(("a", "long"), [("x", "one two three four five six"), (None, "")], width=24)
    assert text.splitlines() == [
        "a  long",
        "-  ---------------------",
        "x  one two three four",
        "   five six",
        "-  -",
    ]


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [(1234567.891, 1, "1\u202f234\u202f567,9"), (12, 0, "12"), (None, 0, ""), (-0.5, 2, "-0,50")],
)
def test_numbers_are_french(value, decimals, shown):
    assert number(value, decimals) == shown


def test_counts_know_their_plural():
    assert counted(1, "fault") == "1 fault"
    assert counted(2, "fault") == "2 faults"
    assert counted(0, "bus", "buses") == "0 buses"
