"""What is wrong with a geometry, in the language of the request?"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from layers.given import Reason

GEOMETRY_FAULTS = {
    Reason.NOT_JSON: _l("ce n’est pas du JSON (NaN et l’infini n’en sont pas)"),
    Reason.NOT_GEOJSON: _l("ce n’est pas une géométrie GeoJSON"),
    Reason.NOT_WKT: _l("ce n’est pas du WKT"),
    Reason.NO_GEOMETRY: _l("l’objet n’a pas de géométrie"),
    Reason.POSITION: _l("une position n’est pas faite de deux ou trois nombres finis"),
    Reason.EMPTY: _l("elle est vide"),
    Reason.TOO_LARGE: _l("elle a trop de positions ou de parties"),
    Reason.OPEN_RING: _l("un anneau n’est pas fermé : sa dernière position répète la première"),
    Reason.SHORT: _l("il faut deux positions à une ligne, quatre à un anneau"),
    Reason.INVALID: _l("elle se croise ou se touche elle-même"),
    Reason.SWAPPED: _l("la latitude semble écrite avant la longitude"),
    Reason.OUTSIDE: _l("elle sort du domaine où l’on peut interroger l’atlas"),
}
