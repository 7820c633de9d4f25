"""What the org is made of at the moment: a deployment puts another in its place between two requests."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from integration.local.org.automation import Automation
from integration.local.org.catalog import Catalog, ObjectInfo
from integration.local.org.rules import FieldRules


class Shape:
    """The catalog with its compiled rules and flows. Whoever works with it holds it, so that none sees a mix of two."""

    def __init__(self, catalog: Catalog, automation: Automation) -> None:
        self.turn = threading.Lock()
        """Of one deployment after the other; who has it knows that the shape stays until it is replaced by himself."""
        self._gate = threading.Condition()
        self._holders = 0
        self._waiting = 0
        self._mine = threading.local()
        self._put(catalog, automation)

    def _put(self, catalog: Catalog, automation: Automation) -> None:
        self.catalog = catalog
        self.automation = automation
        self._field_rules: dict[str, FieldRules] = {}

    @property
    def is_held_here(self) -> bool:
        """Whether this very thread holds it."""
        return bool(getattr(self._mine, "depth", 0))

    @property
    def is_awaited(self) -> bool:
        """Whether somebody waits to be alone with it."""
        return self._waiting > 0

    def field_rules(self, info: ObjectInfo) -> FieldRules:
        """The compiled demands on one object's fields."""
        rules = self._field_rules.get(info.name)
        if rules is None:
            rules = self._field_rules[info.name] = FieldRules(info)
        return rules

    @contextmanager
    def held(self) -> Iterator[None]:
        """While the block runs nothing is replaced; a thread may hold it more than once."""
        depth = getattr(self._mine, "depth", 0)
        if not depth:
            self._enter()
        self._mine.depth = depth + 1
        try:
            yield
        finally:
            self._mine.depth = depth
            if not depth:
                self._leave()

    def _enter(self) -> None:
        with self._gate:
            # Those who come now wait for a replacement that waits, or it would never have its turn.
            self._gate.wait_for(lambda: not self._waiting)
            self._holders += 1

    def _leave(self) -> None:
        with self._gate:
            self._holders -= 1
            if not self._holders:
                self._gate.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Waits until nobody holds the shape and keeps others out; only then may it be replaced."""
        if self.is_held_here:
            raise RuntimeError("a thread that holds the shape would wait for itself")
        with self._gate:
            self._waiting += 1
            self._gate.wait_for(lambda: not self._holders)
            self._mine.depth = 1
            try:
                yield
            finally:
                self._mine.depth = 0
                self._waiting -= 1
                self._gate.notify_all()

    def replace(self, catalog: Catalog, automation: Automation) -> None:
        """From now on the org is this one; only inside `alone`."""
        self._put(catalog, automation)
