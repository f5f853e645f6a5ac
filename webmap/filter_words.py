"""How is a fault of a filter told in the language of the request?

`layers.cql` tells it in English, as a text and values; here is each of these texts in the words of
the interface. A test goes through all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from layers.cql.errors import Listed, Said
from layers.cql.shapes import Within
from layers.cql.values import Type
from layers.given import Reason
from webmap.geometry_words import GEOMETRY_FAULTS
from webmap.system_words import outside_in_words

SAME = frozenset(
    ("", ".", "IS NULL", "%(column)s (%(type)s)", " (%(got)s)", "%(got)s: %(allowed)s")
)
"""What needs no words."""
TYPES: Mapping[str, Any] = {
    Type.BOOLEAN: _l("une condition"),
    Type.NUMBER: _l("un nombre"),
    Type.STRING: _l("un texte"),
    Type.TIME: _l("une date ou un instant"),
    Type.INTERVAL: _l("un intervalle"),
    Type.STRINGS: _l("une liste de textes"),
    Type.GEOMETRY: _l("une géométrie"),
}
EXPECTED: Mapping[str, Any] = {
    "the end": _l("la fin"),
    "an expression": _l("une expression"),
    "a list": _l("une liste"),
    "a property": _l("une propriété"),
    "a text in single quotes": _l("un texte entre apostrophes droites"),
    "a calculation": _l("un calcul"),
    "a comparison": _l("une comparaison"),
}
"""What the grammar expected at a place."""
SYNTAX: Mapping[str, Any] = {
    "not CQL2 text at %(rest)r; expected %(meant)s": _l(
        "ce n’est pas du CQL2, à « %(rest)s » ; était attendu : %(meant)s"
    ),
    "not CQL2 text at the end; expected %(meant)s": _l(
        "ce n’est pas du CQL2, à la fin ; était attendu : %(meant)s"
    ),
    "not CQL2 text: %(message)s": _l("ce n’est pas du CQL2 en texte : %(message)s"),
    "not JSON: %(message)s": _l("ce n’est pas du JSON : %(message)s"),
    "not CQL2 JSON: %(message)s": _l("ce n’est pas du CQL2 en JSON : %(message)s"),
    "the language %(name)r is not known; use %(known)s": _l(
        "la langue « %(name)s » est inconnue ; sont connues : %(known)s"
    ),
    "it is empty": _l("il est vide"),
    "this is half of a character": _l("ceci est la moitié d’un caractère"),
    "the quote %(quote)s is not closed": _l("le guillemet %(quote)s n’est pas refermé"),
    "this parenthesis is not closed": _l("cette parenthèse n’est pas refermée"),
    "this parenthesis was never opened": _l("cette parenthèse n’a pas été ouverte"),
    "the name of an operator is a text": _l("le nom d’un opérateur est un texte"),
    'an operator has a list of "args"': _l("un opérateur a une liste « args »"),
    "the name of a property is a text": _l("le nom d’une propriété est un texte"),
    "an object is an operator, a property, a date, a timestamp, an interval, a bbox or a"
    " geometry": _l(
        "un objet est un opérateur, une propriété, une date, un instant, un intervalle, une bbox"
        " ou une géométrie"
    ),
    "%(n)s characters; at most %(max)s are read": _l("%(n)s caractères ; %(max)s au plus sont lus"),
    "more than %(max)s parts": _l("plus de %(max)s éléments"),
    "more than %(max)s operators and functions": _l("plus de %(max)s opérateurs et fonctions"),
    "nested more than %(max)s levels deep": _l("plus de %(max)s niveaux emboîtés"),
    "%(n)s groups of parentheses within each other; at most %(max)s are read in a filter of"
    " %(length)s characters: leave out those that are not needed, or use cql2-json": _l(
        "%(n)s groupes de parenthèses emboîtés ; %(max)s au plus sont lus dans un filtre de"
        " %(length)s caractères : ôter ceux qui ne servent pas, ou employer cql2-json"
    ),
}
MEANING: Mapping[str, Any] = {
    "%(collection)s has no queryable %(name)r%(hint)s Queryables: %(known)s": _l(
        "la collection %(collection)s n’a pas de propriété « %(name)s »%(hint)s Propriétés"
        " connues : %(known)s"
    ),
    "the function %(name)r is not supported%(hint)s Supported: %(known)s": _l(
        "la fonction « %(name)s » n’est pas offerte%(hint)s Sont offertes : %(known)s"
    ),
    "; did you mean %(near)s?": _l(" ; peut-être %(near)s ?"),
    "nothing equals NULL; use IS NULL": _l("rien n’est égal à NULL ; employer IS NULL"),
    "a number is too large": _l("un nombre est trop grand"),
    "%(name)s has two operands or more, not %(count)s": _l(
        "%(name)s a deux opérandes ou plus, pas %(count)s"
    ),
    "%(name)s has %(wanted)s operand(s), not %(count)s": _l(
        "nombre d’opérandes de %(name)s : %(wanted)s, et non %(count)s"
    ),
    "%(name)s does not compare %(type)s with another; use %(instead)s": _l(
        "%(name)s ne compare pas %(type)s à une autre valeur ; employer %(instead)s"
    ),
    "%(left)s cannot be compared with %(right)s": _l("%(left)s ne se compare pas à %(right)s"),
    "%(name)s takes conditions, this is %(what)s": _l(
        "%(name)s prend des conditions, et non %(what)s"
    ),
    "LIKE takes texts, this is %(what)s": _l("LIKE prend des textes, et non %(what)s"),
    "the pattern of LIKE is a literal, not a property": _l(
        "le motif de LIKE est un texte écrit, et non une propriété"
    ),
    "IN takes a list of one value or more": _l("IN prend une liste d’une valeur au moins"),
    "%(name)s folds texts, this is %(what)s": _l("%(name)s prend des textes, et non %(what)s"),
    "%(name)s calculates with numbers, this is %(what)s": _l(
        "%(name)s calcule avec des nombres, et non avec %(what)s"
    ),
    "%(name)s takes lists of texts, not %(what)s": _l(
        "%(name)s prend des listes de textes, et non %(what)s"
    ),
    "a list holds texts, this is %(what)s": _l("une liste tient des textes, et non %(what)s"),
    "a filter is a condition, this is %(type)s": _l("un filtre est une condition, et non %(type)s"),
}
TIMES: Mapping[str, Any] = {
    "%(got)r is not a date or a timestamp: write DATE('2022-12-31') or"
    " TIMESTAMP('2022-12-31T12:00:00Z')": _l(
        "« %(got)s » n’est ni une date ni un instant : écrire DATE('2022-12-31') ou"
        " TIMESTAMP('2022-12-31T12:00:00Z')"
    ),
    "%(name)s takes dates, timestamps or intervals, not %(what)s": _l(
        "%(name)s prend des dates, des instants ou des intervalles, et non %(what)s"
    ),
    "an interval has two ends": _l("un intervalle a deux bouts"),
    "an end of an interval is a date, a timestamp, a property or ..": _l(
        "un bout d’intervalle est une date, un instant, une propriété ou « .. »"
    ),
    "an interval ends at %(what)s": _l(
        "un bout d’intervalle est une date ou un instant, et non %(what)s"
    ),
    "the interval ends before it begins": _l("l’intervalle finit avant de commencer"),
}
SHAPES: Mapping[str, Any] = {
    "%(name)s takes geometries, not %(what)s": _l("%(name)s prend des géométries, et non %(what)s"),
    "%(name)r is no type of geometry; use %(known)s": _l(
        "« %(name)s » n’est pas un type de géométrie ; sont connus : %(known)s"
    ),
    "an empty geometry meets nothing": _l("une géométrie vide ne rencontre rien"),
    "geometry: %(reason)s%(got)s": _l("géométrie : %(reason)s%(got)s"),
    "the geometry is not valid: %(reason)s%(got)s": _l(
        "la géométrie n’est pas valide : %(reason)s%(got)s"
    ),
    "the geometry has %(n)s positions; at most %(max)s are read": _l(
        "la géométrie a %(n)s positions ; %(max)s au plus sont lues"
    ),
    "a geometry collection has a list of geometries": _l(
        "une collection de géométries a une liste de géométries"
    ),
    "a member of a geometry collection is a geometry, not a collection": _l(
        "ce que réunit une collection de géométries est une géométrie, et non une collection"
    ),
    "a bbox is four numbers (six with heights): lower corner, upper corner": _l(
        "une bbox est faite de quatre nombres (six avec les hauteurs) : coin inférieur, coin"
        " supérieur"
    ),
    "lower corner first, upper corner then": _l("le coin inférieur vient avant le supérieur"),
    "finite numbers": _l("des nombres finis"),
    "%(got)s is outside: %(area)s%(units)s": _l(
        "%(got)s est au-dehors ; il faut %(area)s%(units)s"
    ),
    "; these look like degrees, but filter-crs is in metres": _l(
        " ; on dirait des degrés, mais filter-crs est en mètres"
    ),
    "; these look like metres: state their system in filter-crs": _l(
        " ; on dirait des mètres : dire leur système dans filter-crs"
    ),
    "the axes of the geometry seem to be swapped: nothing of the collection is there, but it would"
    " be with the two numbers of each position exchanged": _l(
        "les axes de la géométrie semblent échangés : rien de la collection n’est là, mais elle y"
        " serait avec les deux nombres de chaque position échangés"
    ),
    "the reference system %(name)r is not offered; use %(known)s": _l(
        "le système de coordonnées « %(name)s » n’est pas offert ; sont offerts : %(known)s"
    ),
}
WORDS: Mapping[str, Any] = {**TYPES, **EXPECTED, **SYNTAX, **MEANING, **TIMES, **SHAPES}
"""The words of the interface by the English text of `layers.cql`."""


def in_words(said: Any) -> str:
    """Tell a fault, or a value in it, in the language of the request."""
    if isinstance(said, Listed):
        return ", ".join(map(in_words, said.parts))
    if isinstance(said, Within):
        return outside_in_words(said.error)
    if isinstance(said, Reason):
        return str(GEOMETRY_FAULTS[said])
    if not isinstance(said, Said):
        return str(said)
    text = str(WORDS.get(said.text, said.text))
    return text % {name: in_words(value) for name, value in said.values} if said.values else text
