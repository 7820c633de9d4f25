"""Every route of the site, filled in from its own map: a route that is added later is asked as well."""

from integration.model import link
from integration.model.link import Purpose
from tests.unit.site.published import JOB

CANDIDATE = "01J00000000000000000000000"
PURPOSE_OF = {
    "preview": Purpose.PREVIEW,
    "confirm": Purpose.CONFIRM,
    "preferences": Purpose.PREFERENCES,
    "address": Purpose.ADDRESS,
    "apply": Purpose.PREFERENCES,
    "join": Purpose.PREFERENCES,
    "place": Purpose.PLACE,
    "check-in": Purpose.CHECK_IN,
    "recommend": Purpose.PREFERENCES,
    "invited": Purpose.INVITATION,
    "r": Purpose.REFERRAL,
}
"""What a token of a door is made for, by the first word of its address."""
FILLED = {
    "reference": JOB["reference"],
    "slug": "nurses",
    "what": "registration",
    "file": "x.png",
    "department": "nursing",
    "place": "cork",
    "primary": "0b5a6b",
    "background": "ffffff",
    "text": "1c2b33",
    "font": "sans",
    "key": "x",
    "number": 1,
    "channel": "indeed",
    "ending": "xml",
}


def rules(visitor):
    return list(visitor.web.url_map.iter_rules())


def doors(visitor):
    """Rules with a token of a person in their address."""
    return [rule for rule in rules(visitor) if "token" in rule.arguments]


def claims(**changes):
    return {
        link.CANDIDATE: CANDIDATE,
        link.ITEM: "01JX",
        link.PAGE: "a0I000000000001AAA",
        link.DOOR: "old",
        link.NUMBER: "1",
        link.MARK: "m1",
        **changes,
    }


def purpose_of(rule):
    return PURPOSE_OF[rule.rule.split("/")[1]]


def address(visitor, rule, token=None):
    """The rule's address with everything filled in; the token is one that opens it unless another is given."""
    filled = {name: FILLED[name] for name in rule.arguments - {"token"}}
    if "token" in rule.arguments:
        filled["token"] = visitor.app.links.sign(purpose_of(rule), claims()) if token is None else token
    return visitor.web.url_map.bind("jobs.warmbench.example").build(rule.endpoint, filled)
