"""The form of a page as a browser would send it."""

from __future__ import annotations

from html.parser import HTMLParser

from werkzeug.datastructures import MultiDict


class _Fields(HTMLParser):
    """Gathers the fields of one form: what is filled in, ticked and selected."""

    def __init__(self, id: str) -> None:
        super().__init__()
        self.id = id
        self.inside = False
        self.found: MultiDict[str, str] = MultiDict()
        self.name = ""
        self.text: list[str] | None = None
        self.options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("id", given.get("class", "")) == self.id
        if not self.inside:
            return
        if tag == "input" and given.get("type") in ("checkbox", "radio"):
            if "checked" in given:
                self.found.add(given["name"], given.get("value", "on"))
        elif tag == "input":
            self.found.add(given["name"], given.get("value", ""))
        elif tag == "textarea":
            self.name, self.text = given["name"], []
        elif tag == "select":
            self.name, self.options = given["name"], []
        elif tag == "option":
            self.options.append((given["value"], "selected" in given))

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self.text is not None:
            self.found.add(self.name, "".join(self.text).removeprefix("\n"))
            self.text = None
        elif tag == "select" and self.inside:
            chosen = [value for value, on in self.options if on]
            self.found.add(self.name, (chosen or [self.options[0][0]])[0])


def fields_of(page: str, form: str) -> MultiDict[str, str]:
    """What a form of a page sends as it stands; ``form`` is its id, or else its class."""
    reader = _Fields(form)
    reader.feed(page)
    assert reader.found, f"no form {form}"
    return reader.found
