"""Stack Exchange: people who answer in all of some tags, or else people by a part of their name."""

import re
from itertools import takewhile

from integration.model.boolean_query import And, Near, Or, Query, Words
from integration.model.vocabulary import SearchSource
from integration.ports import Translation
from integration.prospecting.query import spelling
from integration.prospecting.query.widening import Losses, Unaskable, asked_alone, told

MOST_TAGS = 5
_TAG = re.compile(r"[a-z0-9+#.-]{1,35}")


def translate(query: Query) -> Translation:
    losses = Losses()
    tags: list[Words] = []
    names: list[str] = []
    for name, part in asked_alone(query.root):
        if name == "skill" and isinstance(part, Words) and tag(part) and len(tags) < MOST_TAGS:
            tags.append(part)
        elif name in ("name", "first", "last") and isinstance(part, Words) and not spelling.has_wildcard(part):
            names.append(_piece(part))
            if names[-1] != part.text.lower():
                losses.tell(f"{told(name, part)} is asked for as {names[-1]}.")
        else:
            _tell_unasked(name, part, len(tags), losses)
    for whole in query.root.parts if isinstance(query.root, And) else (query.root,):
        if not asked_alone(whole):
            losses.tell(f"{told('', whole)} is not asked: Stack Exchange knows neither alternatives nor NOT.")
    parameters = _parameters([tag(each) for each in tags], names, losses)
    said = [f"answers in {' and '.join(parameters['tagged'].split(';'))}"] if "tagged" in parameters else []
    said += [f"name contains {parameters['inname']}"] if "inname" in parameters else []
    return Translation(SearchSource.STACK_EXCHANGE, "; ".join(said), parameters, tuple(losses.told), not losses.told)


def _parameters(tags: list[str], names: list[str], losses: Losses) -> dict[str, str]:
    if tags:
        losses.tell("Stack Exchange names only the best answerers of each tag.")
        if names:
            losses.tell(f"The name {names[0]} is not asked: tags and names cannot be asked together.")
        return {"tagged": ";".join(tags), "site": "stackoverflow"}
    longest = max(names, key=len, default="")
    if len(longest) > 1:
        losses.tell("Stack Exchange finds parts of names too, such as ann in Joanna.")
        return {"inname": longest, "site": "stackoverflow"}
    raise Unaskable(
        "Stack Exchange finds people by the tags they answer in and by name only. Add one that must occur, such as "
        "skill:python or name:Smith, or leave this source out.",
        field="Query__c",
    )


def tag(words: Words) -> str:
    """A skill as a tag; "" where none can have this form."""
    spelled = words.text.lower().replace(" ", "-")
    return spelled if _TAG.fullmatch(spelled) and not spelling.has_wildcard(words) else ""


def _piece(words: Words) -> str:
    """The longest run of letters that the name has in every spelling."""
    spelled = zip(*spelling.spellings(words), strict=True)
    return max((_begin_alike(each) for each in spelled), key=len)


def _begin_alike(spelled: tuple[str, ...]) -> str:
    alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*spelled, strict=False))
    return "".join(letters[0] for letters in alike)


def _tell_unasked(name: str, part: Words | Near | Or, tags: int, losses: Losses) -> None:
    reason = f"at most {MOST_TAGS} tags are" if tags >= MOST_TAGS else "names and single tags alone are"
    losses.tell(f"{told(name, part)} is not asked: {reason}.")
