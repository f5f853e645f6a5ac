"""Where is a place that only has a name or an address? Asks the national geocoder.

The Géoplateforme geocoder (IGN) answers ``GET <base>?q=…`` with GeoJSON: addresses of the Base
Adresse Nationale and places of interest of BD TOPO, each with a match score from 0 to 1 and a
type. Nothing is written unless it is accepted, one by one or above a stated score. The only
module of the package that speaks HTTP, as a client.
"""

from __future__ import annotations

import datetime
import http.client
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from layers.atlas import Atlas
from layers.catalogue import CATALOGUE, read_catalogue
from layers.crs import to_lambert93
from layers.encode import layer_text
from layers.errors import FaultLog, GeocoderError, NotFoundError, ParameterError
from layers.geometry import DECIMALS, representative_point
from layers.model import Layer, Place, PositionMethod, Source
from layers.places import LayerReader, layer_file

BASE_URL = "https://data.geopf.fr/geocodage/search"
TIMEOUT_S = 10.0
MAX_BYTES = 4_000_000
PRECISION_M = {"housenumber": 10.0, "street": 100.0, "poi": 100.0, "locality": 500.0}
"""Precision that is stated for each type of match; other types stand for no place."""
OUTSIDE_M = 200.0
"""How far from its communes a match may lie: their outlines are generalised."""
SPLIT_COMMUNES = ("75056", "69123", "13055")
"""Paris, Lyon and Marseille, whose addresses bear the codes of their arrondissements."""
SOURCE_ID = "geoplateforme"
SOURCE_TOML = f"""
[[source]]
id = "{SOURCE_ID}"
title = "Service de géocodage de la Géoplateforme : Base Adresse Nationale et BD TOPO"
producer = "IGN"
licence = "etalab-2.0"
licence_note = ""
attribution = "IGN – Géoplateforme ; Base Adresse Nationale"
vintage = "interrogé à la date que chaque lieu indique"
url = "https://geoservices.ign.fr/documentation/services/services-geoplateforme/geocodage"
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An answer of the geocoder.

    ``rank`` counts from 1, best first; ``score`` is from 0 to 1; ``type`` is that of the match
    (``housenumber``, ``street``, ``locality``, ``municipality``, ``poi`` …), ``category`` what
    a place of interest is. ``inside`` tells whether it lies in the communes of the place, None
    when they have no outline.
    """

    rank: int
    label: str
    type: str
    category: str
    score: float
    lon: float
    lat: float
    city: str
    citycode: str
    inside: bool | None = None

    @property
    def precision_m(self) -> float | None:
        """Precision to be stated for this type of match; None if it stands for no place."""
        if "administratif" in self.category:
            return None
        return PRECISION_M.get(self.type)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the geocoder says of one place; ``error`` is set when it refused the question."""

    place: str
    query: str
    candidates: tuple[Candidate, ...]
    error: str = ""

    def best(self, min_score: float) -> Candidate | None:
        """Return the first candidate if it can be accepted without a look, else None.

        It scores at least ``min_score``, its type stands for a place, and it lies in the
        communes of the place.
        """
        first = self.candidates[0] if self.candidates else None
        sound = first is not None and first.precision_m is not None and first.inside is not False
        return first if first is not None and sound and first.score >= min_score else None


@dataclass(frozen=True, slots=True)
class Geocoder:
    """A client of the geocoder at ``base_url``; each question waits ``timeout_s`` at most."""

    base_url: str = BASE_URL
    timeout_s: float = TIMEOUT_S

    def __post_init__(self) -> None:
        if urllib.parse.urlsplit(self.base_url).scheme not in ("http", "https"):
            raise ParameterError("base_url", self.base_url, "an http or https address")

    def search(
        self,
        text: str,
        *,
        limit: int = 5,
        near: tuple[float, float] | None = None,
        citycode: str = "",
    ) -> tuple[Candidate, ...]:
        """Ask for an address or a name.

        Parameters
        ----------
        text
            What to look for.
        limit
            How many candidates at most.
        near
            ``(lon, lat)`` in degrees; candidates near it score higher.
        citycode
            INSEE code of the commune to keep to.

        Raises
        ------
        GeocoderError
            ``offline`` if it cannot be reached in time, else if the answer is not usable.
        """
        parameters = {
            "q": text,
            "limit": limit,
            "index": "address,poi",
            "autocomplete": 0,
            **({"lon": near[0], "lat": near[1]} if near else {}),
            **({"citycode": citycode} if citycode else {}),
        }
        answer = self._get(f"{self.base_url}?{urllib.parse.urlencode(parameters)}")
        if not isinstance(answer, dict) or not isinstance(answer.get("features"), list):
            raise GeocoderError("the geocoder's answer is not GeoJSON", offline=False)
        try:
            found = [_candidate(rank, f) for rank, f in enumerate(answer["features"], start=1)]
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            message = f"the geocoder's answer is not as documented: {error!r}"
            raise GeocoderError(message, offline=False) from error
        return tuple(found)

    def _get(self, url: str) -> Any:
        request = urllib.request.Request(
            url, headers={"Accept": "application/json", "User-Agent": "limitrophe-locate"}
        )
        try:
            with urllib.request.urlopen(request, timeout=self.timeout_s) as response:
                body = response.read(MAX_BYTES)
                if response.length:
                    raise GeocoderError("the geocoder broke its answer off", offline=False)
                return json.loads(body)
        except urllib.error.HTTPError as error:
            with error:
                raise GeocoderError(_refusal(error), offline=False) from error
        except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
            reason = getattr(error, "reason", None) or error
            message = f"the geocoder at {self.base_url} cannot be reached: {reason}"
            raise GeocoderError(message, offline=True) from error
        except http.client.HTTPException as error:
            message = f"the geocoder does not speak HTTP: {error!r}"
            raise GeocoderError(message, offline=False) from error
        except ValueError as error:
            raise GeocoderError("the geocoder's answer is not JSON", offline=False) from error


def _refusal(error: urllib.error.HTTPError) -> str:
    try:
        body = json.loads(error.read(MAX_BYTES))
        detail = body.get("detail") or body.get("message") or ""
        detail = "; ".join(map(str, detail)) if isinstance(detail, list) else str(detail)
    except (ValueError, AttributeError):
        detail = ""
    if error.code == 429:
        detail = "too many questions in a second; wait a little"
    return f"the geocoder answered {error.code}" + (f": {detail}" if detail else "")


def _candidate(rank: int, feature: dict[str, Any]) -> Candidate:
    properties = feature["properties"]
    lon, lat = feature["geometry"]["coordinates"][:2]
    poi = properties.get("_type") == "poi"
    city = _first(properties.get("city"))
    name = _first(properties.get("toponym") or properties.get("name"))
    return Candidate(
        rank=rank,
        label=_first(properties.get("label")) or ", ".join(part for part in (name, city) if part),
        type="poi" if poi else str(properties.get("type", "")),
        category=" ".join(_texts(properties.get("category"))),
        score=float(properties.get("score", properties.get("_score", 0.0))),
        lon=round(float(lon), DECIMALS),
        lat=round(float(lat), DECIMALS),
        city=city,
        citycode=_first(properties.get("citycode")),
    )


def _texts(value: object) -> list[str]:
    """Return what may be a text or a list of texts (places of interest) as a list."""
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _first(value: object) -> str:
    return next(iter(_texts(value)), "")


def unlocated(atlas: Atlas) -> tuple[Place, ...]:
    """Return the places that nothing locates: no geometry, no members, nothing computed."""
    return tuple(
        place
        for place in atlas.places.values()
        if place.geometry is None
        and not place.members
        and place.position.method is PositionMethod.UNLOCATED
    )


def question(atlas: Atlas, place: Place) -> str:
    """Return what is asked for a place: its address if one is stated, else its name."""
    addresses = [str(f.value) for f in place.facts if f.label.casefold() == "adresse"]
    addresses += [str(place.extra.get("address") or "")]
    text = addresses[0] or re.sub(r"\s*\([^)]*\)", "", place.name)
    communes = [atlas.places[id].name for id in place.communes]
    return " ".join([text, *communes[:1]])


def propose(
    atlas: Atlas, geocoder: Geocoder, places: Iterable[Place], *, limit: int = 5
) -> tuple[Proposal, ...]:
    """Ask the geocoder for each place.

    A question that the geocoder refuses becomes a proposal with an ``error``.

    Raises
    ------
    GeocoderError
        If it cannot be reached: then nothing is known of any place.
    """
    found = []
    for place in places:
        text = question(atlas, place)
        around = [atlas.territory_geometry(id) for id in place.communes]
        outline = shapely.union_all([g for g in around if g is not None])
        middle = representative_point(outline)
        near = None if middle is None else _lonlat(middle)
        try:
            candidates = geocoder.search(
                text, limit=limit, near=near, citycode=_citycode(atlas, place)
            )
        except GeocoderError as error:
            if error.offline:
                raise
            found.append(Proposal(place.id, text, (), str(error)))
            continue
        found.append(Proposal(place.id, text, _placed(candidates, outline)))
    return tuple(found)


def _lonlat(point: BaseGeometry) -> tuple[float, float]:
    lon, lat = shapely.get_coordinates(point)[0].tolist()
    return round(lon, 4), round(lat, 4)


def _citycode(atlas: Atlas, place: Place) -> str:
    """Return the INSEE code of the only commune of a place, where addresses bear it."""
    codes = [str(atlas.places[id].extra.get("code") or "") for id in place.communes]
    sound = len(codes) == 1 and re.fullmatch(r"\d[\dAB]\d{3}", codes[0])
    return codes[0] if sound and codes[0] not in SPLIT_COMMUNES else ""


def _placed(candidates: Sequence[Candidate], outline: BaseGeometry) -> tuple[Candidate, ...]:
    """Return the candidates with ``inside`` set."""
    if outline.is_empty:
        return tuple(candidates)
    planar = to_lambert93(outline)
    points = (to_lambert93(shapely.Point(c.lon, c.lat)) for c in candidates)
    inside = (bool(shapely.dwithin(point, planar, OUTSIDE_M)) for point in points)
    return tuple(replace(c, inside=i) for c, i in zip(candidates, inside, strict=True))


def accept(
    data_dir: Path, atlas: Atlas, place_id: str, candidate: Candidate, day: datetime.date
) -> Path:
    """Write an accepted candidate to the layer of its place, and return the layer's file.

    The place gets a point, the method *geocoded*, the precision of the match's type and a note
    with the match, its score and the day; the catalogue gets the geocoder as a source when it
    has none. The new file is checked before it replaces the old one.

    Raises
    ------
    NotFoundError, ParameterError, DataFaults
        If there is no such place; if it is located already or the match stands for no place;
        if the file would not be valid.
    """
    place = atlas.place(place_id)
    if place.geometry is not None:
        raise ParameterError("place", place_id, "a place without geometry")
    if candidate.precision_m is None:
        allowed = f"a match of the type {', '.join(PRECISION_M)}"
        raise ParameterError("candidate", candidate.type, allowed)
    path = data_dir / layer_file(place.layer)
    collection = json.loads(path.read_text(encoding="utf-8-sig"))
    for feature in collection["features"]:
        if feature["id"] == place_id:
            feature["properties"]["position"] = {
                "method": PositionMethod.GEOCODED.value,
                "precision_m": candidate.precision_m,
                "sources": [SOURCE_ID],
                "note": _note(candidate, day),
            }
            feature["geometry"] = {"type": "Point", "coordinates": [candidate.lon, candidate.lat]}
            break
    else:
        raise NotFoundError("place", place_id)
    text = layer_text(collection)
    _check(data_dir, text, atlas.layer(place.layer))
    _add_source(data_dir, atlas)
    _replace(path, text)
    return path


def _check(data_dir: Path, text: str, layer: Layer) -> None:
    log = FaultLog()
    catalogue = read_catalogue(data_dir, log)
    new = Source(SOURCE_ID, "", "", "", "", "", "")
    known = replace(catalogue, sources={SOURCE_ID: new, **catalogue.sources})
    LayerReader(known, log).parse(text.encode(), layer)
    log.raise_any()


def _note(candidate: Candidate, day: datetime.date) -> str:
    score = f"{candidate.score:.2f}".replace(".", ",")
    return (
        f"Géocodé le {day.isoformat()} par le service de la Géoplateforme : « {candidate.label} » "
        f"(type {candidate.type}, score {score})."
    )


def _add_source(data_dir: Path, atlas: Atlas) -> None:
    path = data_dir / CATALOGUE
    text = path.read_text(encoding="utf-8-sig")
    if SOURCE_ID not in atlas.sources and f'id = "{SOURCE_ID}"' not in text:
        _replace(path, text + SOURCE_TOML)


def _replace(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    new = path.with_name(path.name + ".new")
    new.write_text(text, encoding="utf-8", newline="\n")
    new.replace(path)
