"""Who may do what: permission sets, field-level security and sharing, compiled from the metadata."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from integration.local.org.catalog import Catalog
from integration.local.org.security.access import Access, Rights
from integration.local.org.security.rules import Bind, OpenedRecords, UnsupportedRule, compiled
from integration.local.org.security.sharing import MODELS, Level, Sharing
from integration.metadata.schema import SharingRule
from integration.metadata.source import Finding

__all__ = ["Access", "Bind", "Level", "Rights", "Security"]


class Security:
    """All compiled rights of one catalog; dropped with it."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._accesses: dict[tuple[str, frozenset[str]], Access] = {}
        self.findings = list(_unknown_models(catalog))
        """Sharing that this org cannot do: it must not be served."""
        opened = [self._opened(each) for each in catalog.schema.sharing_rules]
        self._sharing = Sharing(catalog, tuple(each for each in opened if each))

    def access(self, profile: str, set_names: Iterable[str]) -> Access:
        """What this profile and these permission sets give; names that the metadata lacks give nothing."""
        known = self._catalog.schema.permission_sets
        names = frozenset(name for name in set_names if name in known)
        found = self._accesses.get((profile, names))
        if found is None:
            found = Access(self._catalog, self._sharing, profile, [known[name] for name in sorted(names)])
            self._accesses[profile, names] = found
        return found

    def _opened(self, rule: SharingRule) -> OpenedRecords | None:
        try:
            return compiled(self._catalog, rule)
        except UnsupportedRule as error:
            path = rule.source or Path(f"{rule.object}.sharingRules-meta.xml")
            text = f"sharing rule {rule.name} of {rule.object}: {error}"
            self.findings.append(Finding(path, rule.line, text))
            return None


def _unknown_models(catalog: Catalog) -> Iterator[Finding]:
    for each in catalog.schema.objects.values():
        if not each.is_event and each.sharing not in MODELS:
            path = each.source or Path(f"{each.name}.object-meta.xml")
            yield Finding(path, 1, f"the embedded org does not implement the sharing model {each.sharing or 'missing'}")
