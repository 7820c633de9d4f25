"""How far two values agree, and which of a person's traits are compared."""

from enum import IntEnum


class Level(IntEnum):
    """One scale for every trait; each trait uses the levels that make sense for it."""

    MISSING = 0
    EXACT = 1
    ALIKE = 2
    """Two forms of one value: Jon and Jonathan, day and month swapped, john+jobs@ and john@."""
    CLOSE = 3
    """A slip of the pen apart."""
    PART = 4
    """One holds the other: an initial, half of a double name, the same mailbox name elsewhere."""
    LOOSE = 5
    """Some likeness, no more."""
    RIVAL = 6
    """A slip apart, but each is a name of its own: Maria and Marie."""
    DIFFERENT = 7
    YEAR = 8
    """Birth: the year is all that can be compared, and is the same."""
    CROSSED = 9
    """The value stands in the other one's column: first and last name swapped."""
    SHARED = 10
    """The same address, but two people are known to use it."""


class Trait(IntEnum):
    FIRST = 0
    MIDDLE = 1
    LAST = 2
    BIRTH = 3
    SEX = 4
    EMAIL = 5
    PHONE = 6
    PROFILE = 7
    STREET = 8
    NUMBER = 9
    EXTRA = 10
    """A further line of the address."""
    CITY = 11
    POSTCODE = 12
    REGION = 13
    COUNTRY = 14
    EMPLOYER = 15
    TITLE = 16
    BIRTH_PLACE = 17
