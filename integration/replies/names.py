"""What a person is called, by the best of what a mail says: its From line, a résumé, the address itself."""

import re
from collections.abc import Mapping

from integration.candidates.parsing import name
from integration.model.mime import one_line


def of(shown: str, address: str, found: Mapping[str, str]) -> tuple[str, str]:
    """(first name, last name); the last name is never empty."""
    shown = one_line(shown).strip().strip("\"'")
    if shown and "@" not in shown:
        if "," in shown:  # as Outlook writes it: Lovelace, Ada
            last, _, first = shown.partition(",")
            shown = f"{first.strip()} {last.strip()}".strip()
        read = name(shown[:80])
        return read.first, read.last
    if found.get("Last name"):
        return found.get("First name", ""), found["Last name"]
    if found.get("Full name"):
        read = name(found["Full name"][:80])
        return read.first, read.last
    words = [word.capitalize() for word in re.split(r"[._+-]+", address.partition("@")[0]) if word.isalpha()]
    return " ".join(words[:-1]), words[-1] if words else address.partition("@")[0] or "Unknown"
