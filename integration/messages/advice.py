"""What a mail could do better: nothing of it stops a campaign."""

import re

_EMPTY_WORDS = frozenset({"click here", "here", "click", "link", "this link", "read more here", "more info"})
_SHOUTED = re.compile(r"!!|\?\?|\$\$|€€|(?:\b[A-Z]{4,}\b[^a-z]*){2,}")
_SPAMMY = re.compile(
    r"\b(act now|free money|guaranteed|100 ?% free|urgent|winner|no risk|limited time|cash|earn \$)", re.IGNORECASE
)
_LINK = re.compile(r"<(a|mj-button)\b[^>]{0,2000}>([^<]{0,200})</", re.IGNORECASE)
_PICTURE = re.compile(r"<(img|mj-image)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
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


def of_body(source: str) -> list[tuple[int, str]]:
    """(line, advice) about the body as it will be compiled. Only advice, so patterns will do instead of a parser."""
    found = []
    for link in _LINK.finditer(source):
        text = " ".join(_TAG.sub("", link[2]).split())
        if text.lower().strip(" .!>»→") in _EMPTY_WORDS:
            line = source.count("\n", 0, link.start()) + 1
            found.append((line, f'the link text "{text}" says nothing by itself. Name what is behind it.'))
    if _PICTURE.search(source) and len("".join(_TAG.sub("", source).split())) < _LEAST_TEXT:
        found.append((0, "it is almost only pictures. Many programs show none at first: say it in words too."))
    return found
