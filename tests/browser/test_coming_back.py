"""A device that was away for a day, had a wrong clock, or was closed: everything, once."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import PHONE, Visit, until
from tests.browser.test_taking_part import (  # noqa: F401
    contribute,
    database,
    join,
    known,
    own,
    path,
    said,
)
from webmap.clock import now
from webmap.consultation import kept
from webmap.consultation.store import Known
from webmap.state import Database

Visits = Callable[..., Visit]
DAY = datetime.timedelta(days=1)
SECOND_TRY = 40_000
"""Milliseconds in which the pauses between two attempts are over."""


def meanwhile(page: Page, ready: Callable[[], Any], what: str) -> None:
    """Wait, while the browser works, until something is so."""
    deadline = time.monotonic() + 30
    while not ready():
        assert time.monotonic() < deadline, f"never so: {what}"
        page.wait_for_timeout(100)


def test_a_day_away_with_a_wrong_clock_then_closed_in_the_middle(
    visit: Visits,
    database: Database,  # noqa: F811
    known: Known,  # noqa: F811
) -> None:
    v = visit(size=PHONE, service_workers="block")
    page = join(v, known)
    context = page.context
    context.set_offline(True)
    for days, text in ((1, "Un jour en avance"), (-1, "Un jour en retard")):
        context.clock.set_fixed_time(now() + days * DAY)
        contribute(page, text)
        expect(own(page).first).to_contain_text(text)
        expect(own(page).first).to_contain_text("en attente d’envoi")
        page.get_by_role("button", name="Fermer").click()
    assert said(database, known) == []

    arrived: list[int] = []

    def never_answer(route: Route) -> None:
        if route.request.method == "POST":
            arrived.append(route.fetch().status)
        else:
            route.continue_()

    page.route(f"**{path(known, '/contributions')}*", never_answer)
    context.set_offline(False)
    meanwhile(page, lambda: arrived, "a contribution has left")
    again = context.new_page()
    page.close()
    assert (arrived, said(database, known)) == ([201], [{"avis": "Un jour en avance"}])
    again.goto(v.server + path(known, "/carte"))
    again.wait_for_selector("[data-ready=true]", state="attached")
    again.get_by_role("button", name="Les miennes").click()
    for one in (own(again).first, own(again).last):
        expect(one).to_contain_text("envoyée et publiée", timeout=SECOND_TRY)
    expect(own(again)).to_have_count(2)
    assert said(database, known) == [{"avis": "Un jour en avance"}, {"avis": "Un jour en retard"}]
    for one in kept.listed(database, known):
        assert abs(now() - one.received_at) < DAY / 2  # the clock of the service, not the device's
    v.trouble.clear()  # the browser reports what it could not load


def test_what_waits_leaves_though_its_page_is_closed(
    visit: Visits,
    database: Database,  # noqa: F811
    known: Known,  # noqa: F811
) -> None:
    """The browser wakes the service worker; here the development tools do."""
    v = visit(size=PHONE)
    page = join(v, known)
    until(page, "() => document.querySelector('[data-take-part]').dataset.kept === 'true'")
    page.context.set_offline(True)
    contribute(page, "Dite avant de ranger le téléphone")
    expect(own(page).first).to_contain_text("en attente d’envoi")
    asked = "async () => (await (await navigator.serviceWorker.ready).sync.getTags()).join()"
    until(page, f"async () => (await ({asked})()) === 'envoi'")
    other = page.context.new_page()
    page.close()
    page.context.set_offline(False)
    other.goto(f"{v.server}/sources")
    tools = other.context.new_cdp_session(other)
    found: list[dict[str, Any]] = []
    tools.on("ServiceWorker.workerRegistrationUpdated", lambda e: found.extend(e["registrations"]))
    tools.send("ServiceWorker.enable")
    meanwhile(other, lambda: found, "the service worker is known")
    wake = {"origin": v.server, "registrationId": found[0]["registrationId"], "tag": "envoi"}
    tools.send("ServiceWorker.dispatchSyncEvent", {**wake, "lastChance": False})
    meanwhile(other, lambda: said(database, known), "the contribution is there")
    other.goto(v.server + path(known, "/carte"))
    other.wait_for_selector("[data-ready=true]", state="attached")
    other.get_by_role("button", name="Les miennes").click()
    expect(own(other).first).to_contain_text("envoyée et publiée", timeout=SECOND_TRY)
    expect(own(other)).to_have_count(1)
    assert said(database, known) == [{"avis": "Dite avant de ranger le téléphone"}]
    v.trouble.clear()  # the browser reports what it could not load
