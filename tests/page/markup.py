"""HTML as a list of elements, read strictly: what a browser would mend in silence is a mistake here."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "img", "input", "br", "hr", "line", "rect", "circle"}
PARAGRAPH_ENDS_BEFORE = {"p", "div", "ul", "table", "dl", "h1", "h2", "h3", "h4", "section", "article", "figure"}


@dataclass
class Element:
    """A start tag with its attributes, the names of the elements around it, and the text in it."""

    tag: str
    attributes: dict[str, str]
    around: list[str]
    text: str = ""


@dataclass
class Reader(HTMLParser):
    """Collects elements and mistakes."""

    elements: list[Element] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)
    open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = self._start(tag, attrs)
        if tag not in VOID:
            self.open.append(element)

    def _start(self, tag: str, attrs: list[tuple[str, str | None]]) -> Element:
        around = [element.tag for element in self.open]
        if len({name for name, _ in attrs}) != len(attrs):
            self.mistakes.append(f"{tag} has an attribute twice")
        if "p" in around and tag in PARAGRAPH_ENDS_BEFORE:
            self.mistakes.append(f"{tag} in a paragraph")
        if tag in ("a", "button") and ("a" in around or "button" in around):
            self.mistakes.append(f"{tag} in something that is clicked")
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}, around))
        self.handle_data(self.elements[-1].attributes.get("alt", ""))  # names what a picture stands in
        return self.elements[-1]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1].tag != tag:
            self.mistakes.append(f"</{tag}> closes {self.open[-1].tag if self.open else 'nothing'}")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data


def read(html: str) -> Reader:
    """The elements of a page; those that stay open count as mistakes."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    reader.mistakes += [f"{element.tag} is never closed" for element in reader.open]
    return reader
