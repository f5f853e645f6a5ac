"""What is a collection as an ISO 19139 record? Fields of the French INSPIRE guide (CNIG)."""

from __future__ import annotations

from flask import render_template

from webmap.i18n import language
from webmap.metadata.records import Record, contact, publisher
from webmap.metadata.vocabulary import CRS84, INSPIRE_TITLES, ISO_LANGUAGES

TYPE = "application/vnd.iso.19139+xml"
"""Media type by which a client asks for the record."""


def iso_record(record: Record) -> bytes:
    """The record in the language of the request, UTF-8.

    It follows the schemas of 2007 (GML 3.2.1). Without a contact in the settings its
    ``gmd:contact`` says that it is missing, as the schemas want the element.
    """
    shown = language()
    text = record.texts[shown]
    xml = render_template(
        "metadata/iso19139.xml",
        record=record,
        text=text,
        contact=contact(),
        publisher=publisher(),
        iso_language=ISO_LANGUAGES[shown],
        inspire_title=INSPIRE_TITLES[shown],
        language=shown,
        crs=CRS84,
    )
    return xml.encode()
