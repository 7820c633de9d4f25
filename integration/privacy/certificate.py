"""The proof of an erasure, in words that can be sent to the person; it names nobody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from integration.ports import Item

_STAYS = (
    "What stays, and why:",
    "- Keyed marks (HMAC-SHA256, the key is kept apart) of each e-mail address and profile, and of each phone together "
    "with the name, so that no file or search can bring the person back and no mail goes out. They cannot be read "
    "back. Name and birth date alone are not marked: their few possible values could be tried.",
    "- The ledger of sent mail, by a random key and keyed marks, as proof of what was sent.",
    "- Counts in reports. They name nobody.",
    "- Rows that name the person without any address that was known of them, in files that others loaded: they cannot "
    "be told from a namesake's.",
    "- Single opens and clicks: time, browser and a shortened network address, under a name that was drawn for this "
    "and then forgotten. What an old link reports later stands under the random key of the ledger.",
    "- What was deleted from Salesforce's files lies in its recycle bin for 15 days, and copies in its and our backups "
    "until these run out (35 days).",
)


def text(work: Item, rewritten: Mapping[str, int], at: datetime, stage: str) -> str:
    """From the notes of the erasure: what went, how much, when."""
    lines = [
        f"Certificate of erasure ({stage})",
        f"Begun {work['begun'][:16].replace('T', ' ')} UTC, finished {at:%Y-%m-%d %H:%M} UTC.",
        "",
        "Removed from Salesforce, for good, after personal fields were overwritten:",
        *_counted(work, "org "),
        "Removed from the service's own stores:",
        *_counted(work, "aws "),
        "Written again without the person:",
        *([f"- {kind}: {count}" for kind, count in sorted(rewritten.items())] or ["- nothing"]),
        f"Marks written against a return: {int(work.get('marks', 0))}.",
        "",
        "Looked for with queryAll, which shows deleted rows too:",
        *_seen(work),
        "",
        *_STAYS,
    ]
    return "\n".join(lines)


def _seen(work: Item) -> list[str]:
    left = [f"- {_label(name[5:])}: {value}" for name, value in sorted(work.items()) if name.startswith("left ")]
    if left:
        return [*left, "- An administrator empties the recycle bin to remove these before Salesforce does."]
    return ["- no row of the person is left."]


def _counted(work: Item, prefix: str) -> list[str]:
    found = [(name.removeprefix(prefix), value) for name, value in sorted(work.items()) if name.startswith(prefix)]
    return [f"- {_label(name)}: {value}" for name, value in found if str(value) != "0"] or ["- nothing"]


def _label(name: str) -> str:
    return name.removesuffix("__c").replace("_", " ")
