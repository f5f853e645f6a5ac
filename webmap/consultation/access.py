"""Who may do what with a consultation? One function for each kind of person."""

from __future__ import annotations

from layers.errors import NotFoundError
from webmap.accounts import AccessRefused, person
from webmap.accounts.people import Person
from webmap.consultation import store
from webmap.consultation.participants import Guest, guest
from webmap.consultation.store import Known
from webmap.state import current_state


def facilitated(slug: str, role: str = "facilitator") -> tuple[Known, Person]:
    """Return a consultation and the account, which runs it.

    Raises
    ------
    webmap.accounts.AccessRefused
        If nobody is logged in, or somebody who does not run it in this role. One cannot tell
        from it whether the consultation exists.
    layers.errors.NotFoundError
        If there is none, for an administrator alone.
    """
    someone = person()
    known = store.by_slug(current_state(), slug) if someone else None
    if someone is not None and known is None and someone.may("administrator"):
        raise NotFoundError("consultation", slug)
    if someone is None or known is None:
        raise AccessRefused
    found = store.role_of(current_state(), known, someone)
    if found is None or (role == "owner" and found != "owner"):
        raise AccessRefused
    return known, someone


def runs(known: Known) -> bool:
    """Tell whether whoever asks runs the consultation."""
    someone = person()
    return someone is not None and store.role_of(current_state(), known, someone) is not None


def shown(slug: str) -> Known:
    """Return a consultation that the public may see.

    Raises
    ------
    layers.errors.NotFoundError
        If there is none, or it is a draft or archived and whoever asks does not run it.
    """
    known = store.by_slug(current_state(), slug)
    if known is None or (known.stage in ("draft", "archived") and not runs(known)):
        raise NotFoundError("consultation", slug)
    return known


def taking_part(slug: str) -> tuple[Known, Guest]:
    """Return a consultation and the browser that has joined it.

    Raises
    ------
    layers.errors.NotFoundError
        See `shown`.
    webmap.accounts.AccessRefused
        If the browser has not joined.
    """
    known = shown(slug)
    someone = guest(known)
    if someone is None:
        raise AccessRefused
    return known, someone
