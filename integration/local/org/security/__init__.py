"""Who may do what: object permissions and field-level security, compiled from permission sets."""

from collections.abc import Iterable

from integration.local.org.catalog import Catalog
from integration.local.org.security.access import Access, Rights

__all__ = ["Access", "Rights", "Security"]


class Security:
    """All compiled rights of one catalog; dropped with it."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._accesses: dict[tuple[str, frozenset[str]], Access] = {}

    def access(self, profile: str, set_names: Iterable[str]) -> Access:
        """What this profile and these permission sets give; names that the metadata lacks give nothing."""
        known = self._catalog.schema.permission_sets
        names = frozenset(name for name in set_names if name in known)
        found = self._accesses.get((profile, names))
        if found is None:
            found = Access(self._catalog, profile, [known[name] for name in sorted(names)])
            self._accesses[profile, names] = found
        return found
