"""The accessibility statement."""

from __future__ import annotations

from flask import Blueprint, render_template

blueprint = Blueprint("accessibility", __name__)


@blueprint.get("/accessibilite")
def index() -> str:
    """Answer with the accessibility statement."""
    return render_template("accessibility.html")
