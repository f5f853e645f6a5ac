"""How are moderation and results told? Actions, reasons, signals and refusals in words."""

from __future__ import annotations

import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webmap import labels
from webmap.consultation.moderation import Logged
from webmap.consultation.plan import Question

ACTIONS = {
    "publish": _l("Publiée à l’arrivée"),
    "accept": _l("Acceptée"),
    "reject": _l("Rejetée"),
    "redact": _l("Publiée sans une partie du texte"),
    "restore": _l("Rétablie"),
    "withdraw": _l("Retirée par son auteur"),
    "late": _l("Arrivée après la fin, mise en attente"),
    "erase": _l("Effacée"),
}
"""What was decided, as the public log says it."""
REASONS = {
    "personal": _l("Désigne une personne ou donne ses coordonnées"),
    "insult": _l("Injurie, menace ou discrimine"),
    "off-topic": _l("Ne répond pas à ce qui est demandé"),
    "advert": _l("Fait de la publicité"),
    "repeat": _l("Répète une contribution de la même personne"),
    "unreadable": _l("Ne se comprend pas"),
    "other": _l("Autre raison, dite dans la note"),
}
STATES = {
    "pending": _l("En attente"),
    "published": _l("Publiée"),
    "rejected": _l("Rejetée"),
    "withdrawn": _l("Retirée"),
}
FILES = {
    "attention": _l("À examiner"),
    "published": _l("Publiées"),
    "rejected": _l("Rejetées"),
    "all": _l("Toutes"),
}
FILE_WORDS = {
    "attention": "a-examiner",
    "published": "publiees",
    "rejected": "rejetees",
    "all": "toutes",
}
"""How addresses write the parts of the queue."""
RANKS = {
    0: _l("en attente"),
    1: _l("signalées par le public"),
    2: _l("arrivées après la fin"),
    3: _l("à vérifier"),
}
KINDS = {
    "email": _l("adresse électronique"),
    "phone": _l("numéro de téléphone"),
    "person": _l("nom de personne ?"),
}
"""What a part of a text looks like."""
REFUSALS = {
    "unknown": _l("Cette contribution n’existe pas."),
    "withdrawn": _l(
        "Son auteur a retiré cette contribution entre-temps : il n’y a rien à décider."
    ),
    "outdated": _l(
        "Rien n’est changé : un autre membre de l’équipe, ou l’auteur, a agi entre-temps. Voici la"
        " contribution telle qu’elle est maintenant ; décidez à nouveau s’il le faut."
    ),
    "state": _l("Cette décision ne s’applique pas à une contribution dans cet état."),
    "no-reason": _l("Rien n’est changé : choisissez une raison dans la liste, elle sera publique."),
    "quotes": _l(
        "Rien n’est changé : la note est publique et ne doit pas reprendre le texte ni des"
        " coordonnées. Dites la raison autrement."
    ),
    "nothing": _l("Rien n’est changé : cochez un passage à masquer, ou recopiez-le exactement."),
}
CHANNELS = {
    "online": _l("En ligne"),
    "room": _l("En salle, sur tablette ou téléphone"),
    "paper": _l("Sur papier"),
}


def reason_text(entry: Logged) -> str:
    """Why something was decided, in one line; empty where no reason is given."""
    if entry.reason not in REASONS:
        return ""
    reason = str(REASONS[entry.reason])
    return _("%(reason)s : %(note)s", reason=reason, note=entry.note) if entry.note else reason


def value_text(question: Question, value: str, language: str) -> str:
    """One of the answers that a question offers, in words."""
    if question.kind != "scale":
        found = next((option for option in question.options if option.id == value), None)
        return found.text("label", language) if found else value
    ends = {
        "1": question.text("low", language),
        str(question.steps): question.text("high", language),
    }
    return f"{value} – {ends[value]}" if ends.get(value) else value


def period_text(iso: str) -> str:
    """A day (2026-03-14) or a month (2026-03), as people write it."""
    if len(iso) == 7:
        return f"{iso[5:]}/{iso[:4]}"
    return labels.date(datetime.date.fromisoformat(iso))
