"""How a directory reads a filter (RFC 4515): pieces without case and, as in Active Directory, without accents."""

import re

from tests.unit.people.engines.letters import bare


def matches(text, entry):
    """Whether an entry, a mapping of attribute to values, is found."""
    found, end = _filter(text, 0, {name.lower(): values for name, values in entry.items()})
    assert end == len(text), text[end:]
    return found


def _filter(text, at, entry):
    assert text[at] == "(", text[at:]
    if text[at + 1] in "&|!":
        parts, end = [], at + 2
        while text[end] == "(":
            found, end = _filter(text, end, entry)
            parts.append(found)
        assert text[end] == ")"
        found = {"&": all, "|": any, "!": lambda each: not each[0]}[text[at + 1]](parts)
        return found, end + 1
    end = text.index(")", at)
    name, _, pattern = text[at + 1 : end].partition("=")
    runs = [re.escape(bare(_plain(run))) for run in pattern.split("*")]
    wanted = re.compile(".*".join(runs), re.DOTALL)
    return any(wanted.fullmatch(bare(value)) for value in entry.get(name.lower(), [])), end + 1


def _plain(run):
    assert not re.search(r"[()\x00]", run)
    return re.sub(r"\\([0-9a-f]{2})", lambda match: chr(int(match.group(1), 16)), run)
