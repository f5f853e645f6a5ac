"""What does axe find on a page, by the rules of WCAG 2.2 AA?"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

SCRIPT = Path(__file__).parents[2] / "webmap" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ESSENTIAL = "leaflet-marker-icon"
"""Where a symbol of the map stands is essential to what it says (WCAG 2.2, 2.5.8, exceptions
"essential" and "equivalent"): symbols may be crowded, and the list of visible places offers the
same with large targets."""


def axe_faults(page: Page) -> list[tuple[str, str]]:
    """Return the rule and the element of each fault, on the page as it stands at its top.

    What is half scrolled beneath the header is not a target that is too small.
    """
    page.evaluate("scrollTo(0, 0)")
    page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [
        (rule["id"], node["html"][:160])
        for rule in found["violations"]
        for node in rule["nodes"]
        if not (rule["id"] == "target-size" and ESSENTIAL in node["html"])
    ]
