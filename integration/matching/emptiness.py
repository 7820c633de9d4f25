"""Values that mean nothing: what people and programs write where they know nothing."""

import re

_WORDS = """
    n/a n.a. n.a na nan null nil none unknown unkown unk unbekannt inconnu desconocido sconosciuto onbekend nieznany
    ukjent unspecified undefined missing empty tbd tba xxx xx xxxx abc asdf anonymous anonym keine k.a. #n/a #null!
    #ref! #value! (null) (none) (blank) <null> [null] <na> n\\a \\n dummy noname noemail firstname lastname vorname
    nachname
"""
_PHRASES = frozenset(
    {
        *_WORDS.split(),
        *("not available", "not applicable", "not known", "not provided", "not given", "not specified", "not stated"),
        *("no name", "no email", "no e-mail", "no phone", "no address", "no fixed address", "no data", "no value"),
        *("keine angabe", "first name", "last name", "does not exist", "same as above"),
    }
)
_HOLLOW = re.compile(r"[\W_]*|[\W_]*(?:0[\W_]*)+|[\W_]*(?:9[\W_]*){4,}|(?:x[\W_]*){2,}", re.IGNORECASE)
_FAKE_MAILBOX = re.compile(
    r"(?:no-?reply|do-?not-?reply|none|no-?e?mail|not?available|notprovided|unknown|na|n\.a|null|test\d*|xxx*|x|a|aa|"
    r"abc|asdf|fake|dummy|example|email|mail|nobody|noone|noemail|nomail|name)"
)
_MAILBOX = re.compile(r"[^@\s,;<>\"()]+@[^@\s,;<>\"()]+\.[^@\s,;<>\"().]{2,}")


def is_empty(text: str) -> bool:
    """n/a, unknown, 000000, ---: nothing that could be compared."""
    plain = text.strip().casefold()
    if plain[:1].isalpha() and plain[0] != "x":
        return plain in _PHRASES
    return plain in _PHRASES or _HOLLOW.fullmatch(text) is not None


def is_mailbox(address: str) -> bool:
    """Whether an address could be somebody's: test@test.com and none@none.com are nobody's."""
    if _MAILBOX.fullmatch(address) is None:
        return False
    local, _, host = address.partition("@")
    name = host.partition(".")[0]
    return not (_FAKE_MAILBOX.fullmatch(local) and (local == name or name in _FAKE_HOSTS or local in _NOBODY))


_FAKE_HOSTS_WORDS = """
    test example none unknown email mail domain na noemail nomail null nowhere abc xxx fake
"""
_FAKE_HOSTS = frozenset(_FAKE_HOSTS_WORDS.split())
_NOBODY_WORDS = """
    noreply no-reply donotreply do-not-reply none noemail no-email nomail unknown null na notprovided
    notavailable nobody noone
"""
_NOBODY = frozenset(_NOBODY_WORDS.split())


def is_number(digits: str) -> bool:
    """Whether digits could be somebody's phone: not too few, not all alike, not 123456789."""
    if len(digits) < 6 or len(digits) > 16:
        return False
    tail = digits[-7:]
    return len(set(tail)) > 1 and tail not in "01234567890123456789" and tail not in "98765432109876543210"
