"""Fields and names for rules that are tested without an org."""

from integration.model.segment_fields import BadRule, Field
from integration.model.segment_parsing import parse
from integration.pools import places

FIELDS = {
    one.name: one
    for one in (
        Field("City__c", "City", "text"),
        Field("Title__c", "Job title", "text"),
        Field("Rating__c", "Rating", "number"),
        Field("Lifecycle__c", "Lifecycle", "choice", ("Prospect", "Applicant", "Alumni")),
        Field("Collected_At__c", "Collected at", "date", is_moment=True),
        Field("Notice_Due_On__c", "Notice due on", "date"),
        Field("Do_Not_Contact__c", "Do not contact", "yes"),
        Field("OwnerId", "Owner ID", "reference"),
    )
}


class Names:
    """Pools P1, P2 in the folder F; channel C1; campaign K1."""

    def pool(self, text):
        if text == "F":
            return "F", frozenset({"P1", "P2"}), True
        if text in ("P1", "P2", "P3"):
            return text, frozenset({text}), False
        raise BadRule(f"There is no pool “{text}”.")

    def channel(self, text):
        return _known({"Indeed": "C1", "C1": "C1"}, text)

    def campaign(self, text):
        return _known({"Spring": "K1", "K1": "K1"}, text)

    def place(self, text):
        return places.place(text)


def _known(names, text):
    if text not in names:
        raise BadRule(f"There is no “{text}”.")
    return names[text]


def rule(value):
    return parse(value, FIELDS, Names())
