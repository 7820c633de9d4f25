"""What is remembered of an erased person: keyed marks of addresses, from which nobody can read the address.

An e-mail address or profile is remembered by itself. A phone or a shared mailbox is remembered together with the name,
because the family or the office that shares it was not erased. A name or a birth date alone leaves no mark: their few
possible values could all be tried, and others bear them too.
"""

from collections.abc import Iterator

from integration.model.identity import Address, Name, normalised_name


def marks(address: Address, name: Name) -> Iterator[str]:
    """What to remember of one address of an erased person."""
    if address.identifies:
        yield address.key
        return
    yield f"{address.key}|full|{normalised_name(name)}"
    yield f"{address.key}|short|{_short(name)}"


def questions(address: Address, name: Name) -> Iterator[str]:
    """The marks under which a person with this address may have been erased: the same name, also as an initial."""
    if address.identifies:
        yield address.key
        return
    yield f"{address.key}|full|{normalised_name(name)}"
    first = normalised_name(Name(name.first))
    if len(first) == 1:
        yield f"{address.key}|short|{_short(name)}"
    elif first:
        yield f"{address.key}|full|{normalised_name(Name(first[0], name.last))}"


def _short(name: Name) -> str:
    return normalised_name(Name(normalised_name(Name(name.first))[:1], name.last))
