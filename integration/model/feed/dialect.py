"""How one kind of board spells an entry, and what it refuses."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Element = tuple[str, str]
"""(where it stands, field of Entry). `location>city` stands inside `location`; a place that holds `%s` is a whole tag
with the value as an attribute, such as `link href="%s"`."""


@dataclass(frozen=True)
class Dialect:
    """Elements are always written (required), or only when they are filled (optional)."""

    name: str
    """As people know the board."""
    root: str
    """`feed>postings` when the items stand one deeper; attributes may follow a name."""
    item: str
    required: tuple[Element, ...]
    optional: tuple[Element, ...] = ()
    head: tuple[Element, ...] = (("publisher", "name"), ("publisherurl", "url"))
    """Before the items, from the Publisher."""
    tail: tuple[Element, ...] = ()
    """After the items: `count` of them, or the `latest` of their dates."""
    id_attribute: bool = False
    """The reference stands as the item's attribute `id`."""
    filled: tuple[str, ...] = ()
    """Fields without which the board refuses a job."""
    dates: str = "%Y-%m-%d"
    """How it writes a day."""
    job_types: Mapping[str, str] = field(default_factory=dict)
    """schema.org's word -> the board's; a word that is not here is left out."""
    remote: tuple[str, str] = ("", "yes")
    """What stands for a job at a place, and for one from home."""
    constants: Mapping[str, str] = field(default_factory=dict)
    """Fields that are the same for every job."""
    shortest_description: int = 0
    longest_title: int = 0
    longest_reference: int = 0
    oldest_days: int = 0
    """Older jobs are refused."""
    media: str = "application/xml"

    @property
    def reference(self) -> str:
        """The element that holds the reference, empty when it is an attribute."""
        return "" if self.id_attribute else next(place for place, name in self.required if name == "reference")
