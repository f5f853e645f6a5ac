"""Why is something that a participant sends not taken? Said to people, in their language."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webmap.clock import now
from webmap.consultation.plan import LONGEST_ANSWER, Plan
from webmap.consultation.said import MAX_POSITIONS, SaidError
from webmap.consultation.store import Known
from webmap.i18n import language
from webmap.labels import moment as moment_label

_FAULTS = {
    "malformed": _l("La réponse n’a pas la forme attendue."),
    "unknown": _l("Cette concertation ne demande pas cela."),
    "missing": _l("Il manque une réponse."),
    "too-long": _l("C’est trop long."),
    "not-an-option": _l("Ce choix n’est pas proposé."),
    "not-on-the-scale": _l("Cette note n’est pas sur l’échelle."),
    "shape": _l("Ce genre de dessin n’est pas demandé ici."),
    "geometry": _l("Le dessin ne peut pas servir : il est incomplet, ou se croise lui-même."),
    "outside": _l("Le dessin sort du territoire de la concertation."),
    "unprintable": _l("Un caractère de ce texte ne peut pas être montré."),
}
_FIELDS = {
    "category": _l("La catégorie"),
    "geometry": _l("Le lieu"),
    "place": _l("Le lieu"),
    "commitment": _l("L’engagement"),
    "territory": _l("La commune"),
    "answers": _l("Les réponses"),
}
_REFUSALS = {
    "not-yours": _l("Cette contribution a été faite depuis un autre appareil."),
    "too-late": _l(
        "Le temps pendant lequel une contribution peut être corrigée ou retirée est passé."
        " L’organisateur peut encore la retirer pour vous."
    ),
    "withdrawn": _l("Cette contribution a été retirée."),
    "own": _l("C’est votre propre contribution."),
    "unknown": _l("Cette contribution n’existe pas, ou n’est plus publiée."),
    "not-joined": _l(
        "Cet appareil ne participe pas, ou plus, à cette concertation. Ouvrez sa page et choisissez"
        " « Participer »."
    ),
    "too-fast": _l("C’est allé trop vite pour une personne ; renvoyez dans quelques secondes."),
    "too-many": _l(
        "Trop d’envois en peu de temps depuis cet appareil. Rien n’est perdu : attendez un peu,"
        " puis renvoyez."
    ),
    "wrong-code": _l(
        "Aucune concertation n’a ce code. Un code a six lettres ou chiffres ; relisez-le."
    ),
    "reason-missing": _l("Dites en quelques mots pourquoi l’équipe devrait regarder."),
}


def refusal_words(reason: str, known: Known) -> str:
    """Why a change is refused; what is not taken now is told by the stage."""
    if reason == "not-taking":
        return stage_words(known)
    return str(_REFUSALS[reason])


def too_many_words() -> str:
    """What to say to whoever asks too often."""
    return str(_REFUSALS["too-many"])


def code_words() -> str:
    """What to say to a room code that is none."""
    return str(_REFUSALS["wrong-code"])


def fault_words(error: SaidError, plan: Plan) -> str:
    """What is wrong with a contribution, naming the question that is at fault."""
    if error.reason == "missing" and error.field == "geometry":
        return _("Dites où : un point sur la carte, un lieu de la liste, une commune.")
    if error.reason == "missing" and error.field == "answers":
        return _("Dites quelque chose : la contribution est vide.")
    field, fault = field_words(error.field, plan), str(_FAULTS[error.reason])
    if error.reason == "too-long" and error.field == "geometry":
        fault = _("%(n)s points au plus.", n=MAX_POSITIONS)
    elif error.reason == "too-long":
        fault = _("%(n)s caractères au plus.", n=LONGEST_ANSWER)
    return f"{field} – {fault}" if field else fault


def field_words(field: str, plan: Plan) -> str:
    """What a field is called; an answer is called by its question."""
    question = plan.question(field.removeprefix("answers.")) if "." in field else None
    if question is not None:
        return question.text("label", language())
    return str(_FIELDS.get(field, ""))


def stage_words(known: Known) -> str:
    """Whether contributions are taken, and from when or until when."""
    moment = now()
    plan = known.plan
    match known.phase(moment):
        case "draft":
            return _("Cette concertation se prépare : elle ne reçoit rien encore.")
        case "coming":
            opens = moment_label(plan.opens or moment)
            return _("Cette concertation ouvrira le %(moment)s.", moment=opens)
        case "open" if plan.closes:
            closes = moment_label(plan.closes)
            return _("Ouverte aux contributions jusqu’au %(moment)s.", moment=closes)
        case "open":
            return _("Ouverte aux contributions.")
        case "paused":
            return _("Cette concertation est en pause : on peut lire, pas encore contribuer.")
        case _:
            ended = moment_label(known.ended_at(moment) or moment)
            return _("Cette concertation est terminée depuis le %(moment)s.", moment=ended)
