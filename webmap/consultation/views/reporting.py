"""The report of a consultation, "bilan de la concertation": a page, and a PDF of the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from layers.exporters.licences import NAMES
from webmap import labels
from webmap.clock import now, today
from webmap.consultation import moderation, results, wording
from webmap.consultation.published import Published, Record, chosen, is_public
from webmap.consultation.report import Annexed, Paper, Part, Row, compose
from webmap.consultation.store import Known
from webmap.consultation.views.results import readable, renewed, summary
from webmap.consultation.words import text_of
from webmap.i18n import language, localised
from webmap.responses import Body, bodies
from webmap.site import current_site
from webmap.state import current_state
from webmap.urls import absolute

blueprint = Blueprint("reporting", __name__)

PDF = "application/pdf"
SUBJECTS = 12
"""Places, commitments and territories that the PDF charts; the page lists all of them."""


@blueprint.get("/consultations/<slug>/bilan")
def show(slug: str) -> str:
    """Answer with the report as a page."""
    known, record = readable(slug)
    return render_template(
        "consultation/report.html",
        **summary(record),
        known=known,
        decided=_decided(known),
        reasons=_reasons(known),
        licence=NAMES[known.plan.licence],
        territories_asked=_territories(known),
        public=is_public(known),
        produced=today(),
        now=now,
    )


@blueprint.get("/consultations/<slug>/bilan.pdf")
def pdf(slug: str) -> Response:
    """Answer with the report as a PDF; made once for a day and a state of the consultation."""
    known, record = readable(slug)
    key = ("report", absolute("reporting.show", slug=slug), known.id, known.changes, language(),
           today())  # fmt: skip
    response = renewed(bodies().get(key, lambda: Body(compose(_paper(known, record)), PDF)))
    response.headers["Content-Disposition"] = f'inline; filename="bilan_{known.slug}.pdf"'
    return response


def _decided(known: Known) -> list[tuple[str, int]]:
    """How often each thing was decided, in words."""
    counts = Counter(entry.action for entry in moderation.log(current_state(), known))
    return [(str(text), counts[id]) for id, text in wording.ACTIONS.items() if counts[id]]


def _reasons(known: Known) -> list[tuple[str, int]]:
    """How often each reason was given, in words."""
    counts = Counter(entry.reason for entry in moderation.log(current_state(), known))
    return [(str(text), counts[id]) for id, text in wording.REASONS.items() if counts[id]]


def _territories(known: Known) -> list[str]:
    atlas = current_site().atlas
    return [atlas.places[id].name for id in known.plan.territories if id in atlas.places]


def _paper(known: Known, record: Record) -> Paper:
    counted = summary(record)
    parts = [
        Part(_("Ce qui était demandé"), list(_asked(known))),
        Part(_("Participation"), list(_participation(record, counted)), _channels(record)),
        Part(_("Limites"), _limits(record)),
    ]
    if counted["categories"]:
        rows = [Row(bar.label, bar.count, category.colour) for bar, category in zip(
            counted["categories"], known.plan.categories, strict=True)]  # fmt: skip
        parts.append(Part(_("Par catégorie"), (), rows))
    parts += [_question(found) for found in counted["questions"]]
    parts += list(_subjects(counted))
    if len(counted["days"]) > 1:
        parts.append(Part(_("Au fil du temps"), (), (), counted["days"]))
    decided = [Row(text, count) for text, count in _decided(known)]
    reasons = [Row(text, count) for text, count in _reasons(known)]
    parts.append(Part(_("Modération : décisions"), [_moderation(known)], decided))
    if reasons:
        parts.append(Part(_("Modération : raisons"), (), reasons))
    parts.append(Part(_("Licence"), [" – ".join(NAMES[known.plan.licence])]))
    return Paper(
        title=text_of(known.plan, "title"),
        parts=parts,
        annex=[_annexed(record, one) for one in reversed(record.contributions)],
        produced=today(),
        address=absolute("reporting.show", slug=known.slug, lang=None),
    )


def _asked(known: Known) -> Iterator[str]:
    plan = known.plan
    if known.demonstration:
        yield _("Ceci est une démonstration : personne n’a été consulté, et ce qui s’y dit est"
                " inventé.")  # fmt: skip
    if plan.organiser:
        yield _("Organisée par : %(name)s", name=plan.organiser)
    opened, closed = known.opened_at or plan.opens, known.closed_at or plan.closes
    if opened:
        yield _("Ouverte le %(day)s", day=labels.moment(opened))
    if closed:
        yield _("Terminée le %(day)s", day=labels.moment(closed))
    if _territories(known):
        yield _("Territoire : %(names)s", names=", ".join(_territories(known)))
    yield from (text_of(plan, field) for field in ("text", "purpose"))
    for number, question in enumerate(plan.questions, start=1):
        yield f"{number}. {text_of(question, 'label')}"


def _participation(record: Record, counted: dict[str, Any]) -> Iterator[str]:
    figures, number = record.figures, len(record.contributions)
    yield ngettext("%(num)s contribution publiée", "%(num)s contributions publiées", number)
    least = record.known.plan.smallest_count
    if figures.participants is None:
        yield _("Moins de %(n)s participants", n=least)
    else:
        yield ngettext("%(num)s participant", "%(num)s participants", figures.participants)
    if record.known.plan.supports:
        yield ngettext("%(num)s soutien", "%(num)s soutiens", figures.supports)
    yield _("%(n)s dessinées sur la carte", n=counted["located"])


def _channels(record: Record) -> list[Row]:
    return [Row(str(wording.CHANNELS[id]), n) for id, n in record.figures.channels.items()]


def _limits(record: Record) -> list[str]:
    plan = record.known.plan
    told = [
        _(
            "Ces chiffres disent ce qui a été reçu, pas ce que pensent les habitants : chacun"
            " choisit de participer, certains publics participent peu, une personne peut utiliser"
            " plusieurs appareils et un appareil servir à plusieurs. Ils ne sont pas"
            " représentatifs."
        )
    ]
    if plan.smallest_count > 1:
        told.append(
            _(
                "Les nombres de participants et de réponses au-dessous de %(n)s ne sont pas"
                " publiés.",
                n=plan.smallest_count,
            )
        )
    if plan.blur_m:
        told.append(
            _(
                "Les positions sont celles du centre d’une case de %(side)s m de côté, pas celles"
                " qui ont été dessinées.",
                side=plan.blur_m,
            )
        )
    return told


def _question(found: results.Answered) -> Part:
    told = [ngettext("%(num)s réponse", "%(num)s réponses", found.answered)]
    if found.words:
        used = ", ".join(f"{word.label} ({word.count})" for word in found.words)
        told.append(_("Mots employés par plusieurs contributions : %(words)s", words=used))
    rows = [Row(bar.label, bar.count) for bar in found.bars]
    return Part(text_of(found.question, "label"), told, rows)


def _subjects(counted: dict[str, Any]) -> Iterator[Part]:
    titles = {
        "places": _("Par lieu"),
        "commitments": _("Par engagement"),
        "territories": _("Par territoire"),
    }
    for name, title in titles.items():
        rows = [
            Row(localised(thing, "summary") if name == "commitments" else thing.name, count)
            for thing, count in counted[name][:SUBJECTS]
        ]
        if rows:
            yield Part(title, (), rows)


def _moderation(known: Known) -> str:
    if known.plan.moderation == "before":
        return str(_("Chaque contribution a été lue par l’équipe avant d’être publiée."))
    return str(_("Les contributions ont été publiées à leur arrivée, et relues ensuite."))


def _annexed(record: Record, one: Published) -> Annexed:
    plan, atlas = record.known.plan, current_site().atlas
    category = plan.category(one.category)
    about = [_("N° %(n)s", n=one.number), labels.date(one.day)]
    about += [text_of(category, "name")] if category else []
    about += [
        atlas.places[id].name for id in (one.place, one.territory) if id and id in atlas.places
    ]
    about += [one.commitment] if one.commitment else []
    texts = []
    for question in plan.questions:
        answer = one.answers.get(question.id)
        if question.kind == "text" and answer:
            texts.append(answer)
        elif answer is not None:
            values = [wording.value_text(question, v, language()) for v in chosen(answer)]
            texts.append(f"{text_of(question, 'label')} {', '.join(values)}")
    if one.redacted:
        texts.append(_("Une partie du texte a été masquée par l’équipe."))
    return Annexed(" · ".join(about), texts)
