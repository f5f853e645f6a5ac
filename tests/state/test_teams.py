"""Do those who work on one consultation at the same time lose nothing, on both databases?"""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from tests.state.conftest import state_of
from tests.state.forms import fields_of
from tests.state.test_facilitating import BOARD, Clients, act, change, known_of, made, press
from tests.state.test_paper import PAPER, team, type_in, typed_in
from webmap.consultation import store

__all__ = ["made", "team"]


def test_two_who_edit_at_once_are_told_and_lose_nothing(
    app: Flask, made: FlaskClient, logged_in: Clients
) -> None:
    act(made, f"{BOARD}/equipe", nom="MISSION convention", do="invite")
    other, edit = logged_in("Mission convention"), f"{BOARD}/modifier"
    mine = fields_of(made.get(edit).text, "plan")
    assert change(other, edit, organiser="Ville").status_code == 303
    late = press(made, edit, mine, "save", title_fr="Le boulevard, la nuit")
    assert late.status_code == 409
    assert "Mission convention a changé : organisateur" in late.text
    again = fields_of(late.text, "plan")
    assert again["title_fr"] == "Le boulevard, la nuit"
    assert press(made, edit, again, "save").status_code == 303
    titles = [
        (p.title_fr, p.organiser) for _, p, _, _ in store.versions(state_of(app), known_of(app))
    ]
    assert titles == [
        ("Le boulevard, la nuit", ""),
        ("Le boulevard", "Ville"),
        ("Le boulevard", ""),
    ]
    page = made.get(f"{BOARD}/versions").text
    assert page.index("Version 3") < page.index("Version 1")
    assert "Changé : organisateur." in page
    undone = act(made, f"{BOARD}/versions", version="2", seen="3")
    assert undone.status_code == 303
    assert (known_of(app).version, known_of(app).plan.organiser) == (4, "Ville")
    assert act(made, f"{BOARD}/versions", version="1", seen="3").status_code == 409
    assert act(made, f"{BOARD}/versions", version="9", seen="4").status_code == 409


def test_a_sheet_that_is_sent_twice_is_kept_once_and_stands_for_one_person(
    app: Flask, team: FlaskClient
) -> None:
    form = fields_of(team.get(PAPER).text, "form card paper")
    for name, value in (("sheet", "7"), ("cell", "A1"), ("category", "gene")):
        form[name] = value
    for _ in range(2):
        assert team.post(PAPER, data=form).status_code == 303
    assert len(typed_in(app)) == 1
    assert type_in(team, sheet="7", cell="A2").status_code == 409
    assert type_in(team, sheet="7", cell="A2", again="7").status_code == 303
    type_in(team, sheet="8", cell="A2")
    with state_of(app).engine.connect() as connection:
        count = connection.exec_driver_sql("SELECT COUNT(*) FROM participants").scalar()
    assert (len(typed_in(app)), count) == (3, 2)
