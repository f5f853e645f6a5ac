"""Structured data in pages: there for search engines, and no trouble for the content policy."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.browser.conftest import Visit

READ = """() => [...document.querySelectorAll('script[type="application/ld+json"]')]
  .map(script => script.textContent)"""
VIOLATIONS = """() => window.refused"""
LISTEN = """window.refused = [];
document.addEventListener("securitypolicyviolation", event =>
  window.refused.push(event.violatedDirective + " " + event.blockedURI));"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/ogc/collections/qpv?f=html", "Dataset"),
        ("/telecharger", "DataCatalog"),
        ("/sources", "DataCatalog"),
    ],
)
def test_structured_data_breaks_no_policy(
    visit: Callable[..., Visit], path: str, kind: str
) -> None:
    current = visit()
    current.page.add_init_script(LISTEN)
    page = current.open(path)
    (script,) = page.evaluate(READ)
    assert json.loads(script)["@type"] == kind
    assert page.evaluate(VIOLATIONS) == []
    assert current.foreign == []


def test_the_listener_would_notice(visit: Callable[..., Visit]) -> None:
    current = visit()
    current.page.add_init_script(LISTEN)
    page = current.open("/sources")
    page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.ran = true";
          document.head.append(script);
        }"""
    )
    page.wait_for_timeout(200)
    assert page.evaluate("() => window.ran") is None
    assert page.evaluate(VIOLATIONS) == ["script-src-elem inline"]
    current.trouble.clear()
