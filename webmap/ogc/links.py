"""Which links does a resource carry? Link objects (RFC 8288) with absolute addresses."""

from __future__ import annotations

from typing import Any

from webmap.negotiation import HTML, JSON
from webmap.urls import absolute, here_absolute

Link = dict[str, str]


def link(rel: str, href: str, type: str = "", title: str = "") -> Link:
    """One link object; empty members are left out."""
    members = {"rel": rel, "href": href, "type": type, "title": title}
    return {name: value for name, value in members.items() if value}


def own_links(json_type: str = JSON) -> list[Link]:
    """The links of a resource to its own two forms, ``self`` being the JSON one."""
    return [
        link("self", here_absolute(f="json"), json_type),
        link("alternate", here_absolute(f="html"), HTML),
    ]


def both_forms(rel: str, endpoint: str, title: str, type: str = JSON, **values: Any) -> list[Link]:
    """The links to the JSON and the HTML form of another resource."""
    return [
        link(rel, absolute(endpoint, f="json", **values), type, title),
        link(rel, absolute(endpoint, f="html", **values), HTML, title),
    ]
