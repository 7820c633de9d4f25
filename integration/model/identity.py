"""Who is who: the keys of a person's addresses, and when two records are surely one person.

An e-mail address or a profile identifies alone. A phone, and a shared address such as info@, identifies only together
with a compatible name: their keys may carry the name behind a bar.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote, urlsplit

from integration.model.vocabulary import ContactKind

_ROLE_WORDS = """
    abuse accounting accounts admin administrator all applications apply billing bookings business career careers
    contact contactus customerservice enquiries enquiry everyone feedback finance general help hello helpdesk hi
    hiring hostmaster hr humanresources info information inquiries inquiry invoices it job jobs legal mail mailbox
    marketing media news newsletter no-reply noreply office orders people post postmaster press privacy reception
    recruit recruiter recruiters recruiting recruitment root sales security service spam staff support talent team
    webmaster welcome work
"""
ROLES = frozenset(_ROLE_WORDS.split())
"""Local parts that name a function, not a person."""

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FIRST_WORD = re.compile(r"[^._-]*")
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)


@dataclass(frozen=True)
class Name:
    first: str = ""
    last: str = ""


@dataclass(frozen=True)
class Address:
    """One way to reach a person. `value` is normalised already (candidates/parsing.py)."""

    kind: ContactKind
    value: str

    @property
    def key(self) -> str:
        """Contact_Point__c.Key__c of an address that belongs to one person only."""
        return f"{self.kind.value.lower()}:{self.value}"

    @property
    def identifies(self) -> bool:
        """Whether it names one person without the help of a name."""
        if self.kind is ContactKind.EMAIL:
            return not is_role_address(self.value)
        return self.kind is ContactKind.PROFILE

    def key_with(self, name: Name) -> str:
        """Contact_Point__c.Key__c of an address that several people share."""
        return f"{self.key}|{normalised_name(name)}"


def email(address: str) -> Address:
    return Address(ContactKind.EMAIL, normalised_email(address))


def phone(number: str) -> Address:
    """`number` is E.164: + and digits."""
    return Address(ContactKind.PHONE, number)


def profile(url: str) -> Address:
    return Address(ContactKind.PROFILE, normalised_profile(url))


def normalised_email(address: str) -> str:
    """Lower case, composed. Tags (+) and dots stay: only the mailbox's owner knows what they mean."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", address.strip()).lower())


def is_role_address(address: str) -> bool:
    """info@, jobs.uk@, no-reply+x@: several people may read it."""
    local = address.partition("@")[0].partition("+")[0].lower()
    return local in ROLES or _FIRST_WORD.match(local)[0] in ROLES  # type: ignore[index]


def normalised_profile(url: str) -> str:
    """Host and path, without scheme, www, language host, query or closing slash; LinkedIn and GitHub ignore case."""
    text = unicodedata.normalize("NFC", url.strip())
    parts = urlsplit(text if _SCHEME.match(text) else f"https://{text}")
    host = parts.netloc.rpartition("@")[2].lower().removesuffix(":443").removesuffix(":80").rstrip(".")
    host = re.sub(r"^(www|m|mobile)\.", "", host)
    path = unquote(parts.path).strip().rstrip("/")
    if host == "linkedin.com" or host.endswith(".linkedin.com"):
        segments = [segment for segment in path.lower().split("/") if segment]
        # linkedin.com/in/ann-lee/de is the same profile in German.
        return "/".join(["linkedin.com", *segments[:2]])
    return host + (path.lower() if host == "github.com" else path)


def normalised_name(name: Name) -> str:
    """Letters and digits only, no case, no accents: for comparing, never for showing."""
    return " ".join(word for word in (_folded(name.first), _folded(name.last)) if word)


def name_key(name: Name) -> str:
    """Under which people of a like name meet: the consonants of the last name and the initial of the first.

    Meyer, Meier and Maier meet, Smith and Smyth too; nobody without both names.
    """
    first, last = _folded(name.first), _folded(name.last).replace(" ", "")
    if not first or not last:
        return ""
    sounds = last[0]
    for letter in last[1:]:
        if letter not in "aeiouyhw" and letter != sounds[-1]:
            sounds += letter
    return f"{sounds[:40]}|{first[0]}"


def compatible(one: Name, other: Name) -> bool:
    """Whether two names may be one person's: same last name, and a first name that is equal, shortened or initial.

    Nameless people are compatible with nobody.
    """
    left, right = (_folded(one.first), _folded(one.last)), (_folded(other.first), _folded(other.last))
    if not any(left) or not any(right):
        return False
    if sorted(" ".join(left).split()) == sorted(" ".join(right).split()):
        return True
    if left[1] != right[1] or not left[0] or not right[0]:
        return False
    short, long = sorted((left[0].split()[0], right[0].split()[0]), key=len)
    return long.startswith(short)


def candidate_key(cause: str, at: datetime) -> str:
    """A ULID made from what caused the candidate, so that a repeated attempt makes the same person.

    `cause` is unique for the person (registration id, import and line); `at` is the cause's time, not the attempt's.
    """
    number = int(at.timestamp() * 1000) << 80 | int.from_bytes(hashlib.sha256(cause.encode()).digest()[:10], "big")
    return "".join(_CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))


def lookup_keys(addresses: tuple[Address, ...], name: Name) -> Iterator[str]:
    """Every key under which a person with these addresses may already stand, strongest first."""
    for address in sorted(addresses, key=lambda address: not address.identifies):
        if address.identifies:
            yield address.key
        else:
            yield address.key_with(name)
            yield address.key


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    # Latin, Greek and Cyrillic accents go; the vowel signs of other scripts are letters in their own right.
    plain = (character for character in decomposed if not "\u0300" <= character <= "\u036f")
    return " ".join("".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in plain).split())
