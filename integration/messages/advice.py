"""What a mail could do better: nothing of it stops a campaign."""

import re
from html.parser import HTMLParser

_EMPTY_WORDS = frozenset({"click here", "here", "click", "link", "this link", "read more here", "more info"})
_SHOUTED = re.compile(r"!!|\?\?|\$\$|€€|(?:\b[A-Z]{4,}\b[^a-z]*){2,}")
_SPAMMY = re.compile(
    r"\b(act now|free money|guaranteed|100 ?% free|urgent|winner|no risk|limited time|cash|earn \$)", re.IGNORECASE
)
_LEAST_TEXT = 80
"""Characters; with fewer, a mail of pictures says nothing to people who do not load them."""


def of_subject(subject: str) -> list[str]:
    """Advice about what filters and readers take for advertising."""
    advice = []
    if found := _SPAMMY.search(subject):
        advice.append(f'"{found[0]}" is what filters look for. Say what the mail is about instead.')
    if _SHOUTED.search(subject):
        advice.append("it shouts: use capitals and marks sparingly.")
    return advice


def of_body(canonical: str) -> list[tuple[int, str]]:
    """(line, advice) about the body as it will be compiled."""
    reader = _Reader()
    reader.feed(canonical)
    reader.close()
    found = [
        (line, f'the link text "{text}" says nothing by itself. Name what is behind it.')
        for line, text in reader.links
        if " ".join(text.lower().split()).strip(" .!>»→") in _EMPTY_WORDS
    ]
    if reader.pictures and len("".join(reader.text.split())) < _LEAST_TEXT:
        found.append((0, "it is almost only pictures. Many programs show none at first: say it in words too."))
    return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[tuple[int, str]] = []
        self.pictures = 0
        self.text = ""
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"a", "mj-button"}:
            self.links.append((self.getpos()[0], ""))
            self._inside = True
        self.pictures += tag in {"img", "mj-image"}

    def handle_endtag(self, tag: str) -> None:
        if tag in {"a", "mj-button"}:
            self._inside = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._inside:
            line, text = self.links[-1]
            self.links[-1] = (line, text + data)
