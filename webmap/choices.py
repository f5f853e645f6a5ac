"""Which commitments does an address choose? The parameters shared by the register and the map."""

from __future__ import annotations

from layers.selection import CommitmentSelection
from webmap.clock import today
from webmap.labels import DUE_WORDS
from webmap.params import Parameter, choice


def _text(name: str) -> Parameter[str]:
    return Parameter(name, str.strip, lambda: "", "")


TEXT, DOCUMENT, KIND, THEME, LEAD, PARTNER, PLACE = (
    _text(n) for n in ("q", "document", "nature", "theme", "porteur", "partenaire", "lieu")
)
DUE = choice("echeance", ("", *DUE_WORDS.values()), "")

ON_THE_MAP = (TEXT, DOCUMENT, KIND, THEME, LEAD, DUE)
"""What the map filters by; there ``lieu`` means the place whose sheet is open."""
EVERY = (*ON_THE_MAP, PARTNER, PLACE)


def chosen(parameters: tuple[Parameter[str], ...] = EVERY) -> CommitmentSelection:
    """The selection that the current address makes, as far as ``parameters`` go."""

    def value(parameter: Parameter[str]) -> str:
        return parameter.value if parameter in parameters else ""

    return CommitmentSelection(
        text=value(TEXT),
        document=value(DOCUMENT),
        kind=value(KIND),
        theme=value(THEME),
        lead=value(LEAD),
        partner=value(PARTNER),
        place=value(PLACE),
        due=next((state for state, word in DUE_WORDS.items() if word == value(DUE)), ""),
        today=today(),
    )
