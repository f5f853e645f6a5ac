"""Paper: the kit to print, and the quick form by which a team types in what comes back."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from layers.cells import Cells, cells_of
from layers.drawing import extent_of_box
from webmap.accounts import guard, personal
from webmap.clock import today
from webmap.consultation import contributions, kept, store
from webmap.consultation.access import facilitated
from webmap.consultation.choices import commitments_of, places_of, territories_of
from webmap.consultation.contributions import ContributionRefused
from webmap.consultation.fields import new_key, sent_by
from webmap.consultation.kept import Kept
from webmap.consultation.kit import Kit, compose
from webmap.consultation.participants import Guest
from webmap.consultation.plan import Plan
from webmap.consultation.refusals import fault_words, refusal_words
from webmap.consultation.said import Said, SaidError, read_said
from webmap.consultation.store import Known
from webmap.consultation.within import box_of, reach_of
from webmap.params import Parameter, choice, takes, text, whole_number
from webmap.responses import AtlasResponse
from webmap.site import current_site
from webmap.state import current_state
from webmap.state.consultations import CONTRIBUTION_STATES
from webmap.urls import absolute
from webmap.views.printing import PDF, current_plane

blueprint = Blueprint("paper", __name__)
blueprint.before_request(guard)

PAPER = choice("format", ("A4", "A3"), "A4")
MOST_SHEETS = 100
"""Answer sheets of one kit; more are another kit, that begins with the next number."""
HIGHEST_SHEET = 99_999


def _between(name: str, most: int, default: int) -> Parameter[int]:
    def parse(typed: str) -> int:
        number = whole_number(typed)
        if not 1 <= number <= most:
            raise ValueError(typed)
        return number

    return Parameter(name, parse, lambda: _("un nombre entier de 1 à %(most)s", most=most), default)


SHEETS = _between("feuilles", MOST_SHEETS, 10)
FIRST = _between("premiere", HIGHEST_SHEET, 1)
SHEET = text("feuille")
LAST = 10
"""How many of the sheets typed in last are shown."""
LONGEST_SHEET = 20


def _cells(plan: Plan) -> Cells:
    """The cells of its area; of the first of the atlas where it has none of its own."""
    atlas = current_site().atlas
    own = plan.area or any(id in atlas.places for id in plan.territories)
    box = box_of(plan, atlas) if own else next(iter(atlas.areas.values())).bbox
    return cells_of(extent_of_box(box))


def grids(known: Known) -> dict[int, Cells]:
    """The grids of the maps printed so far, the newest first, by the version they began with."""
    found: dict[int, Cells] = {}
    for number, plan, _who, _at in reversed(store.versions(current_state(), known)):
        cells = _cells(plan)
        if not found or cells != list(found.values())[-1]:
            found[number] = cells
    return dict(reversed(found.items()))


@blueprint.get("/animation/<slug>/kit.pdf")
@takes(PAPER, SHEETS, FIRST)
def kit(slug: str) -> Response:
    """Answer with the map and numbered answer sheets of a consultation."""
    known, _person = facilitated(slug)
    grid, cells = next(iter(grids(known).items()))
    link = absolute("joining.short", code=known.code, lang=None)
    sheets = range(FIRST.value, FIRST.value + SHEETS.value)
    asked = Kit(known, cells, grid, PAPER.value, sheets, link, today())
    made = compose(asked, current_site().atlas, current_plane())
    personal()
    response = AtlasResponse(made, content_type=PDF)
    response.headers["Content-Disposition"] = f'inline; filename="{known.slug}-{PAPER.value}.pdf"'
    return response


# Typing in


def _typed(known: Known) -> list[Kept]:
    """What was typed in and not taken back, the newest first."""
    every = kept.listed(current_state(), known, CONTRIBUTION_STATES[:3])
    return [one for one in every if one.channel == "paper"]


def _page(known: Known, values: dict[str, Any], find: str = "", **more: Any) -> str:
    """The form, and the sheets that were typed in last, or the one that is looked for.

    ``more`` has message, fault, news, and whether a sheet is to be typed in ``again``.
    """
    plan, atlas, typed = known.plan, current_site().atlas, _typed(known)
    shown = [one for one in typed if one.sheet == find] if find else typed[:LAST]
    personal()
    return render_template(
        "consultation/paper.html",
        known=known,
        values={"key": new_key(), "sheet": _next_sheet(typed), "answers": {}, **values},
        places=places_of(plan, atlas),
        territories=territories_of(plan, atlas),
        commitments=commitments_of(plan, atlas),
        grids=grids(known),
        shown=shown,
        find=find,
        count=len(typed),
        longest_sheet=LONGEST_SHEET,
        sheets=(SHEETS, MOST_SHEETS),
        highest_sheet=HIGHEST_SHEET,
        **more,
    )


def _next_sheet(typed: list[Kept]) -> str:
    """The next number not typed in after that of the last sheet, where that is a number."""
    last = typed[0].sheet if typed else "0"
    if not re.fullmatch(r"\d{1,6}", last, re.ASCII):
        return ""
    taken = {one.sheet for one in typed}
    return next(str(n) for n in itertools.count(int(last) + 1) if str(n) not in taken)


def _plain_sheet(typed: str) -> str:
    """The number of a sheet as it is compared: 7 for « 007 »."""
    words = " ".join(typed.split())
    return str(int(words)) if re.fullmatch(r"\d{1,6}", words, re.ASCII) else words


@blueprint.get("/animation/<slug>/saisie")
@takes(SHEET)
def enter(slug: str) -> str:
    """Answer with the form of a paper sheet; with what a sheet said when it is looked for."""
    known, _person = facilitated(slug)
    return _page(known, {}, _plain_sheet(SHEET.value))


@blueprint.post("/animation/<slug>/saisie")
def add(slug: str) -> Any:
    """Keep what is on a paper sheet, or show the form again with its fault."""
    known, _person = facilitated(slug)
    sheet = _plain_sheet(request.form.get("sheet", ""))
    values: dict[str, Any] = {
        "sheet": sheet,
        "key": request.form.get("key", ""),
        **{name: request.form.get(name, "") for name in ("cell", "grid", "position")},
    }
    try:
        values |= sent_by(request.form, known.plan)
        said = _read(known, values)
        before = _same_sheet(known, said)
        if before and request.form.get("again") != sheet:
            told = _("La feuille %(n)s a déjà été saisie (%(which)s).", n=sheet, which=before)
            return _page(known, values, message=told, fault="sheet", again=sheet), 409
        contributions.submit(current_state(), known, _pile(known, said), said)
    except SaidError as error:
        words = error.got if error.reason == "told" else fault_words(error, known.plan)
        return _page(known, values, message=words, fault=error.field), 422
    except ContributionRefused as error:
        return _page(known, values, message=refusal_words(error.reason, known), fault=""), 409
    personal()
    # Without an anchor, which would keep the first field from taking the focus.
    return redirect(url_for("paper.enter", slug=slug), 303)


def _same_sheet(known: Known, said: Said) -> str:
    """What the same sheet has said before, by its numbers; a form sent twice is not told."""
    same = [one for one in _typed(known) if said.sheet and one.sheet == said.sheet]
    if any(one.key == said.key for one in same):
        return ""
    return ", ".join(_("n° %(n)s", n=one.number) for one in reversed(same))


def _read(known: Known, values: dict[str, Any]) -> Said:
    """What a sheet says; on paper nothing is obligatory but that it says something."""
    if len(values["sheet"]) > LONGEST_SHEET:
        raise SaidError("sheet", "too-long", str(LONGEST_SHEET))
    plan, atlas = known.plan, current_site().atlas
    where = plan.where.model_copy(update={"required": False, "shapes": ("point",)})
    questions = tuple(q.model_copy(update={"required": False}) for q in plan.questions)
    eased = plan.model_copy(update={"where": where, "questions": questions})
    names = ("key", "language", "category", "geometry", "place", "commitment", "territory")
    sent = {name: values[name] for name in (*names, "answers")}
    within, precision = reach_of(plan, atlas), None
    if values["cell"].strip() and sent["geometry"] is None:
        centre, precision = _cell(known, values)
        sent["geometry"] = {"type": "Point", "coordinates": centre}
        # The outer cells of a narrow area have their middles outside of it.
        (lon, lat), (west, south, east, north) = centre, within
        within = min(west, lon), min(south, lat), max(east, lon), max(north, lat)
    said = read_said(sent, eased, atlas, within)
    return replace(said, sheet=values["sheet"], precision_m=precision)


def _cell(known: Known, values: dict[str, Any]) -> tuple[list[float], int]:
    """The middle of a cell of a printed map, and the side of its cells in metres."""
    found = grids(known)
    number = int(values["grid"]) if values["grid"].isdecimal() else 0
    cells = found.get(number) or next(iter(found.values()))
    try:
        return list(cells.centre(values["cell"])), cells.step_m
    except ValueError as error:
        words = _("Les cases de cette carte vont de A1 à %(last)s.", last=cells.last)
        raise SaidError("cell", "told", words) from error


def _pile(known: Known, said: Said) -> Guest:
    """Who a sheet stands for: all that is on the same sheet is of one participant."""
    return Guest(f"paper.{known.id}.{said.sheet or said.key}", "paper")


@blueprint.post("/animation/<slug>/saisie/annuler")
def undo(slug: str) -> Any:
    """Take back what was typed in, and put it into the form again."""
    known, person = facilitated(slug)
    number = request.form.get("number", "")
    typed = {str(one.number): one for one in _typed(known)}
    if number not in typed:
        return _page(known, {}, message=_("Cette saisie n’est plus là."), fault=""), 409
    one = typed[number]
    contributions.take_back(current_state(), known, one.number, person)
    news = _("La saisie n° %(n)s est retirée ; ce qu’elle disait est dans le formulaire.", n=number)
    return _page(known, _values_of(known, one), news=news)


def _values_of(known: Known, one: Kept) -> dict[str, Any]:
    """What was typed in; a cell is a cell again, so that its precision is not lost."""
    names = ("sheet", "category", "place", "commitment", "territory", "answers")
    values = {name: getattr(one, name) for name in names}
    if one.geometry is None:
        return values
    lon, lat = one.geometry["coordinates"]
    for number, cells in grids(known).items():
        cell = cells.name_at(lon, lat) if cells.step_m == one.precision_m else None
        if cell is not None and cells.centre(cell) == (lon, lat):
            return values | {"cell": cell, "grid": str(number)}
    return values | {"position": f"{lat} ; {lon}"}
