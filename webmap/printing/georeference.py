"""How does a GIS know where a page lies? A geospatial viewport, as ISO 32000-2, 12.9 and 12.10 say.

The map frame is a viewport whose measure gives the latitude and longitude of its corners and
the projected system that its plane is in. GDAL and QGIS read it.
"""

from __future__ import annotations

from typing import Any

from layers.crs import LAMBERT93, wkt1
from layers.drawing import lonlat_of
from layers.sheets import Sheet
from webmap.printing.ink import POINTS

_CORNERS = (0, 0, 0, 1, 1, 1, 1, 0)
"""Lower left, upper left, upper right, lower right of the unit square of the viewport."""


def viewport(sheet: Sheet, name: str) -> dict[str, Any]:
    """Return the entries of the page's dictionary that tell where its map lies."""
    from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFString

    west, south, east, north = sheet.extent
    corners = lonlat_of([(west, south), (west, north), (east, north), (east, south)])
    frame = sheet.frame
    box = [side * POINTS for side in (frame.x, frame.y, frame.right, frame.top)]
    system = PDFDictionary(
        {
            "Type": PDFName("PROJCS"),
            "EPSG": int(LAMBERT93.partition(":")[2]),
            "WKT": PDFString(wkt1(LAMBERT93)),
        }
    )
    measure = PDFDictionary(
        {
            "Type": PDFName("Measure"),
            "Subtype": PDFName("GEO"),
            "Bounds": PDFArray(list(_CORNERS)),
            "GPTS": PDFArray([_number(value) for lon, lat in corners for value in (lat, lon)]),
            "LPTS": PDFArray(list(_CORNERS)),
            "GCS": system,
            "PDU": PDFArray([PDFName("M"), PDFName("SQM"), PDFName("DEG")]),
        }
    )
    entry = PDFDictionary(
        {
            "Type": PDFName("Viewport"),
            "Name": PDFString(name),
            "BBox": PDFArray([_number(value) for value in box]),
            "Measure": measure,
        }
    )
    return {"VP": PDFArray([entry])}


def _number(value: float) -> str:
    """A number with ten decimals: ReportLab writes six, a tenth of a metre in degrees."""
    return f"{value:.10f}"
