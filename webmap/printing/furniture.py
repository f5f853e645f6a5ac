"""What stands around a map that one measures on? Grid, coordinates, scale bar and north."""

from __future__ import annotations

import math

import numpy as np

from layers.sheets import Box, Sheet, grid_lines_m, grid_step_m
from webmap.printing.fonts import BOLD, REGULAR, width_mm
from webmap.printing.ink import ACCENT, INK, MUTED, PAPER, Ink

CROSS_MM = 2.0
TICK_MM = 1.6


def _metres(value: int) -> str:
    return f"{value:,}".replace(",", "\u00a0")


def draw_grid(ink: Ink, sheet: Sheet) -> None:
    """Draw the crossings of the Lambert-93 grid inside the frame."""
    west, south, east, north = sheet.extent
    step = grid_step_m(sheet.scale)
    crosses = []
    for easting in grid_lines_m(west, east, step):
        for northing in grid_lines_m(south, north, step):
            x, y = sheet.to_page(easting, northing)
            crosses.append(np.array([[x - CROSS_MM, y], [x + CROSS_MM, y]]))
            crosses.append(np.array([[x, y - CROSS_MM], [x, y + CROSS_MM]]))
    if crosses:
        with ink.marked("Quadrillage"):
            ink.lines(crosses, "#3c4649", 0.12)


def draw_frame(ink: Ink, sheet: Sheet, size: float) -> None:
    """Draw the frame of the map with the coordinates of the grid in its margin."""
    frame = sheet.frame
    ink.box(frame, stroke=INK, width=0.35)
    west, south, east, north = sheet.extent
    step = grid_step_m(sheet.scale)
    letters = 1.9 * min(size, 1.5)
    off = TICK_MM + 0.7
    for easting in grid_lines_m(west, east, step):
        x, _y = sheet.to_page(easting, south)
        label = f"E\u00a0{_metres(easting)}"
        half = width_mm(label, REGULAR, letters) / 2
        ink.line(x, frame.top, x, frame.top + TICK_MM)
        ink.line(x, frame.y, x, frame.y - TICK_MM)
        if frame.x + half < x < frame.right - half:
            ink.text(x, frame.top + off, label, letters, color=MUTED, align="middle")
            ink.text(x, frame.y - off - letters * 0.75, label, letters, color=MUTED, align="middle")
    for northing in grid_lines_m(south, north, step):
        _x, y = sheet.to_page(west, northing)
        label = f"N\u00a0{_metres(northing)}"
        half = width_mm(label, REGULAR, letters) / 2
        ink.line(frame.x - TICK_MM, y, frame.x, y)
        ink.line(frame.right, y, frame.right + TICK_MM, y)
        if frame.y + half < y < frame.top - half:
            for x in (frame.x - off, frame.right + off + letters * 0.75):
                ink.text(x, y, label, letters, color=MUTED, align="middle", angle=90)


def scale_bar_m(scale: int, width: float) -> int:
    """Return how many metres a scale bar of at most ``width`` millimetres shows."""
    most = width * scale / 1000
    power = 10 ** math.floor(math.log10(most))
    return int(next(n * power for n in (5, 4, 2, 1) if n * power <= most))


def draw_scale_bar(ink: Ink, x: float, y: float, width: float, scale: int, size: float) -> None:
    """Draw a scale bar of four parts, at most ``width`` wide, whose lower side is at ``y``."""
    total = scale_bar_m(scale, width)
    length, height = total * 1000 / scale, 1.5 * size
    with ink.marked("Echelle"):
        for part in range(4):
            box = Box(x + part * length / 4, y, length / 4, height)
            ink.box(box, fill=INK if part % 2 == 0 else PAPER, stroke=INK, width=0.15)
    unit = "km" if total >= 4000 else "m"
    for part in (0, 2, 4):
        metres = total * part / 4
        shown = f"{metres / 1000:g}" if unit == "km" else f"{metres:g}"
        label = f"{shown}\u00a0{unit}" if part == 4 else shown
        align = {0: "left", 2: "middle", 4: "right"}[part]
        at = x + part * length / 4
        ink.text(at, y + height + 0.9, label, 2.1 * size, align=align, color=INK)


def draw_north(
    ink: Ink, x: float, y: float, height: float, true_north_deg: float, size: float
) -> None:
    """Draw the grid's north as an arrow, and true north as a thin line beside it."""
    half = height * 0.22
    canvas = ink.canvas
    canvas.saveState()
    canvas.translate(x, y)
    canvas.rotate(-true_north_deg)
    ink.line(0, 0, 0, height * 1.12, ACCENT, 0.15)
    canvas.restoreState()
    left = np.array([[x, y + height], [x - half, y], [x, y + height * 0.22], [x, y + height]])
    right = np.array([[x, y + height], [x + half, y], [x, y + height * 0.22], [x, y + height]])
    path = canvas.beginPath()
    path.moveTo(*left[0].tolist())
    for corner in left[1:].tolist():
        path.lineTo(*corner)
    canvas.setFillColor(INK)
    canvas.drawPath(path, stroke=0, fill=1)
    ink.lines([left, right], INK, 0.2)
    ink.text(x, y + height * 1.16, "N", 2.8 * size, font=BOLD, align="middle")
