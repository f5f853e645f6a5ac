"""How are the atlas's words, numbers and dates shown to people? In the language of the request."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from flask import Flask
from flask_babel import format_date, format_decimal, format_percent, gettext
from flask_babel import lazy_gettext as _l

from layers.errors import NotFoundError
from layers.model import Layer, Place
from layers.selection import folded
from webmap.clock import PARIS
from webmap.i18n import NBSP, language, localised, typeset
from webmap.icons import icon
from webmap.mapping.grounds import styles
from webmap.site import current_site

HECTARE_M2 = 10_000

KINDS = {
    "firm": _l("Engagement ferme"),
    "study": _l("Étude"),
    "request": _l("Demande à un tiers"),
    "conditional": _l("Sous condition"),
    "governance": _l("Gouvernance"),
}
KIND_HELP = {
    "firm": _l("Le texte dit que l’acte sera fait."),
    "study": _l("Le texte promet une étude, une réflexion ou un diagnostic."),
    "request": _l("Le texte demande à un tiers d’agir."),
    "conditional": _l("Le texte dit que l’acte pourra être fait, ou le soumet à une condition."),
    "governance": _l("Comités, durée, suivi, publication : la vie du document."),
}
THEMES = {
    "amenagement": _l("Aménagement et foncier"),
    "espaces-publics": _l("Espaces publics et voirie"),
    "mobilites": _l("Mobilités"),
    "nature-climat": _l("Nature et climat"),
    "dechets-eau-energie": _l("Déchets, eau, énergie"),
    "habitat": _l("Habitat"),
    "solidarites-sante": _l("Solidarités et santé"),
    "education-jeunesse": _l("Éducation et jeunesse"),
    "emploi-insertion": _l("Emploi et insertion"),
    "culture-sport": _l("Culture et sport"),
    "commerce-services": _l("Commerces et services"),
    "securite": _l("Sécurité et tranquillité"),
    "participation": _l("Participation des habitants"),
    "finances": _l("Finances"),
    "pilotage": _l("Pilotage"),
}
DUES = {
    "overdue": _l("Échéance passée"),
    "this-year": _l("Cette année"),
    "later": _l("Plus tard"),
    "none": _l("Sans date"),
}
DUE_WORDS = {"overdue": "passee", "this-year": "cette-annee", "later": "plus-tard", "none": "sans"}
"""How addresses write the states of a due date."""
STATUSES = {
    "not-started": _l("Non commencé"),
    "in-progress": _l("En cours"),
    "done": _l("Réalisé"),
    "suspended": _l("Suspendu"),
    "abandoned": _l("Abandonné"),
}
"""What authorised people report of the progress of a commitment."""
ROLES = {
    "editor": _l("Consigne l’avancement des engagements."),
    "administrator": _l("Administre l’atlas et consigne l’avancement des engagements."),
}
LINKS = {
    "direct": _l("Nommé par le texte"),
    "territorial": _l("Pour le territoire"),
    "near": _l("À proximité"),
}
LINK_HELP = {
    "direct": _l("Le texte de l’engagement nomme ce lieu."),
    "territorial": _l(
        "Le lieu est dans le territoire pour lequel l’engagement est pris, ou fait partie de"
        " l’ensemble que le texte nomme."
    ),
    "near": _l("Le lieu est à moins de la distance dite d’un lieu que le texte nomme."),
}
DISCREPANCIES = {"yes": _l("Avec discordance"), "no": _l("Sans discordance")}
SEVERITIES = {
    "substantive": _l("De fond"),
    "ambiguity": _l("Ambiguïté"),
    "spelling": _l("Graphie"),
}
METHODS = {
    "surveyed reference": _l("Relevé d’une référence"),
    "generalised from reference": _l("Généralisé d’une référence"),
    "drawn from its description": _l("Dessiné d’après sa description"),
    "computed": _l("Calculé"),
    "geocoded": _l("Géocodé"),
    "unlocated": _l("Non situé"),
}
GROUPS = {
    "projets": _l("Projets et interfaces"),
    "espaces-publics": _l("Voies et franchissements"),
    "nature": _l("Nature et espaces verts"),
    "quartiers": _l("Quartiers"),
    "equipements": _l("Équipements et logement"),
    "mobilites": _l("Transports"),
    "territoires": _l("Territoires"),
    "fond": _l("Fond"),
}
LICENCES = {
    "ODbL-1.0": ("ODbL 1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
    "etalab-2.0": (
        "Licence Ouverte 2.0",
        "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
    ),
}
VERDICTS = {
    "within precision": _l("Concorde, à la précision du tracé près"),
    "differs": _l("S’écarte"),
    "not measurable": _l("Non mesurable"),
}
REASONS = {
    "it does not measure the whole place": _l("le chiffre ne mesure pas le lieu entier"),
    "the stated value is not one number": _l("la valeur n’est pas un nombre unique"),
    "nothing locates the place": _l("rien ne situe le lieu"),
    "the place is drawn as a geometry that has no such measure": _l(
        "le lieu est dessiné par une géométrie qui n’a pas cette mesure"
    ),
}

TABLES: Mapping[str, Mapping[str, object]] = {
    "kind": KINDS,
    "kind_help": KIND_HELP,
    "theme": THEMES,
    "link": LINKS,
    "link_help": LINK_HELP,
    "discrepancy": DISCREPANCIES,
    "severity": SEVERITIES,
    "method": METHODS,
    "group": GROUPS,
    "verdict": VERDICTS,
    "due": DUES,
    "status": STATUSES,
    "role": ROLES,
    "reason": REASONS,
}


def label(value: object, table: str) -> str:
    """The label of a code, from one of ``TABLES``; the code itself when it has none."""
    return str(TABLES[table].get(str(value), value))


def number(value: float, decimals: int = 0) -> str:
    """A number as the language writes it: ``34 500`` or ``2,6`` in French."""
    pattern = "#,##0" + ("." + "#" * decimals if decimals else "")
    return format_decimal(value, format=pattern)


def metres(value: float | None) -> str:
    """A length: metres below 10 km, kilometres above; empty when unknown."""
    if value is None:
        return ""
    if value >= 10_000:
        return f"{number(value / 1000, 1)}{NBSP}km"
    return f"{number(value)}{NBSP}m"


def area(value: float | None) -> str:
    """An area: m² below one hectare, hectares above; empty when unknown."""
    if value is None:
        return ""
    if value >= HECTARE_M2:
        hectares = value / HECTARE_M2
        return f"{number(hectares, 2 if hectares < 100 else 0)}{NBSP}ha"
    return f"{number(value)}{NBSP}m²"


def measure(value: float | None, unit: str) -> str:
    """A measured length (unit ``m``) or area (``m²``) in the unit that reads well."""
    return area(value) if unit == "m²" else metres(value)


def quantity(value: object, unit: str) -> str:
    """A stated value with its unit; numbers as the language writes them, words as they are."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        is_year = unit in ("", "année") and float(value).is_integer() and 1000 < value < 2200
        shown = str(int(value)) if is_year else number(value, 4)
    else:
        shown = as_number_text(str(value))
    return f"{shown}{NBSP}{unit}" if unit and shown else shown


def figure(text: str, unit: str) -> str:
    """A stated figure kept as text, with its unit; a year stands alone, nothing stays nothing."""
    shown = as_number_text(text)
    return f"{shown}{NBSP}{unit}" if text and unit not in ("", "année") else shown


def as_number_text(text: str) -> str:
    """A figure kept as text (``484960.57``) as the language writes it; any other text as it is."""
    try:
        value = float(text)
    except ValueError:
        return text
    decimals = len(text.partition(".")[2])
    plain = abs(value) < 10_000 and not decimals
    return text if plain else number(value, decimals)


def date(value: datetime.date | None) -> str:
    """A date: 31/12/2024 in French, 31 December 2024 in English; empty when there is none."""
    if value is None:
        return ""
    return f"{value:%d/%m/%Y}" if language() == "fr" else f"{value.day} {value:%B %Y}"


def day_in_words(value: datetime.date) -> str:
    """A date in words: 31 décembre 2024 in French, 31 December 2024 in English."""
    return format_date(value, "d MMMM y")


def moment(value: datetime.datetime) -> str:
    """A moment in French time: 31/12/2024 à 14:05 in French."""
    local = value.astimezone(PARIS)
    return gettext("%(day)s à %(time)s", day=date(local.date()), time=f"{local:%H:%M}")


def actor_names(ids: tuple[str, ...]) -> str:
    """The names of actors, in the order of the register."""
    return ", ".join(localised(current_site().atlas.actor(id), "name") for id in ids)


def place_label(id: str) -> str:
    """The name of a place."""
    return current_site().atlas.place(id).name


def place_of(id: str) -> Place:
    """A place, for templates that have its id."""
    return current_site().atlas.place(id)


def section_label(document: str, section: str) -> str:
    """The number and heading of a section of a document; its id when the document has none."""
    sections = current_site().atlas.document(document).sections
    return typeset(next((s.label_fr for s in sections if s.id == section), section))


def licence_name(id: str) -> str:
    """The usual name of a licence."""
    return LICENCES[id][0] if id in LICENCES else id


def licence_url(id: str) -> str:
    """The address of a licence's text; empty when it is not known."""
    return LICENCES[id][1] if id in LICENCES else ""


def links_sentence(count: int) -> str:
    """How many commitments name a place, in words."""
    if count == 0:
        return gettext("aucun engagement ne le nomme")
    if count == 1:
        return gettext("1 engagement le nomme")
    return gettext("%(n)s engagements le nomment", n=number(count))


def sentence(text: str) -> str:
    """A text that opens with a capital; the rest stays as it is."""
    return text[:1].upper() + text[1:]


def percent(value: float | None) -> str:
    """A signed ratio as a percentage: ``−1,1 %`` or ``−1.1%``; empty when there is none."""
    space = NBSP if language() == "fr" else ""
    form = f"+#,##0.0{space}%;−#,##0.0{space}%"
    return "" if value is None else format_percent(value, format=form)


def value_label(layer: Layer, name: str, value: object) -> str:
    """The label of a property's value, from the category of the layer's style if it has one."""
    category = styles().get(layer.style, {}).get("category")
    if category and category["property"] == name:
        for entry in (*category["values"], *category.get("undrawn", ())):
            if entry["value"] == value:
                return str(entry[f"label_{language()}"])
    return str(value)


def _option_label(facet: str, value: str) -> str:
    """The label of a choice; an id that the atlas does not have stands for itself."""
    atlas = current_site().atlas
    try:
        match facet:
            case "document":
                return localised(atlas.document(value), "short")
            case "actor":
                return localised(atlas.actor(value), "name")
            case "place":
                return place_label(value)
            case "layer":
                return localised(atlas.layer(value), "title")
            case _:
                return label(value, facet)
    except NotFoundError:
        return value


def by_name(places: Iterable[Place]) -> list[Place]:
    """Places in the order of a dictionary: accents and capitals do not count."""
    return sorted(places, key=lambda place: folded(place.name))


def facet_options(counts: Mapping[str, int], facet: str) -> list[tuple[str, str, int]]:
    """The choices of a facet as (value, label, how many it leaves), by label."""
    options = [(value, _option_label(facet, value), n) for value, n in counts.items()]
    return sorted(options, key=lambda option: folded(option[1]))


def register(app: Flask) -> None:
    """Give the templates their words."""
    app.jinja_env.filters.update(
        label=label,
        number=number,
        metres=metres,
        area=area,
        measure=measure,
        date=date,
        day_in_words=day_in_words,
        moment=moment,
        quantity=quantity,
        number_text=as_number_text,
        figure=figure,
        place_label=place_label,
        place_of=place_of,
        typeset=typeset,
        percent=percent,
        sentence=sentence,
    )
    app.jinja_env.globals.update(
        actor_names=actor_names,
        atlas=lambda: current_site().atlas,
        section_label=section_label,
        licence_name=licence_name,
        licence_url=licence_url,
        links_sentence=links_sentence,
        icon=icon,
        value_label=value_label,
        facet_options=facet_options,
    )
