"""Kills a worker at its n-th write: what it had begun stays half done, as after kill -9."""


class Dying:
    """A part of the App whose n-th write from now kills the worker before it happens."""

    WRITES = (
        "destroy_many",
        "create_many",
        "update_many",
        "create_together",
        "update_together",
        "update",
        "upsert_many",
        "delete_many",
        "create",
        "put",
        "write",
        "delete",
    )

    def __init__(self, part, fuse):
        self._part, self._fuse = part, fuse

    def __getattr__(self, name):
        found = getattr(self._part, name)
        return self._fuse.guard(found) if name in self.WRITES else found


class Fuse:
    def __init__(self, at):
        self.left = at

    def guard(self, call):
        def guarded(*args, **named):
            self.left -= 1
            if self.left <= 0:  # also what a “finally” still tries: a dead worker writes nothing
                raise KilledError
            return call(*args, **named)

        return guarded


class KilledError(BaseException):
    """Like kill -9: nothing of ours catches it."""


PARTS = ("salesforce", "people", "data", "due", "claims")


def killed_at(app, number, act):
    """Runs `act` until its n-th write; False when it has fewer."""
    whole = {name: getattr(app, name) for name in PARTS}
    fuse = Fuse(number)
    for name, part in whole.items():
        setattr(app, name, Dying(part, fuse))
    try:
        act()
    except KilledError:
        return True
    finally:
        for name, part in whole.items():
            setattr(app, name, part)
    return False
