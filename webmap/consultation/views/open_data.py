"""The open data of one consultation: its page, and its files in every export format."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from layers.errors import ParameterError
from layers.exporters.consulted import About, contributions_package
from layers.exporters.formats import FORMATS, SYSTEMS
from layers.exporters.licences import NAMES
from layers.exporters.target import Target
from layers.schemas import schema
from webmap.clock import today
from webmap.consultation.open_data import features_of, snapshot
from webmap.consultation.published import is_public
from webmap.consultation.views.results import readable
from webmap.i18n import language
from webmap.params import takes
from webmap.urls import absolute
from webmap.views.downloads import CRS, FORMAT, spooled

blueprint = Blueprint("open_data", __name__)


@blueprint.get("/consultations/<slug>/donnees")
def show(slug: str) -> str:
    """Answer with what may be taken away, under which licence, and what each column means."""
    known, record = readable(slug)
    licence, address = NAMES[known.plan.licence]
    described = schema(snapshot().table, language=language())["properties"]
    return render_template(
        "consultation/data.html",
        known=known,
        record=record,
        public=is_public(known),
        licence=licence,
        licence_address=address,
        formats=FORMATS.values(),
        systems=SYSTEMS,
        columns={name: about["title"] for name, about in described.items()},
    )


@blueprint.get("/consultations/<slug>/contributions.zip")
@takes(FORMAT, CRS)
def package(slug: str) -> Response:
    """Answer with the published contributions in a format, with README and sums."""
    known, record = readable(slug)
    chosen = FORMATS[FORMAT.value]
    if CRS.value not in chosen.systems:
        allowed = _("4326 seulement : %(format)s est toujours en WGS 84", format=chosen.title)
        raise ParameterError(CRS.name, CRS.value, allowed)
    about = About(
        slug=known.slug,
        title=known.plan.title_fr,
        organiser=known.plan.organiser,
        licence=known.plan.licence,
        blur_m=known.plan.blur_m,
        smallest_count=known.plan.smallest_count,
        format_id=FORMAT.value,
        address=absolute("open_data.show", slug=slug, lang=None),
    )

    def make(folder: Path) -> Path:
        target = Target(folder, today(), CRS.value)
        return contributions_package(features_of([record]), about, target)

    return spooled(make)
