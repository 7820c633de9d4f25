"""Access and refresh tokens: kept as digests, bound to a user."""

import hashlib
import secrets

from integration.local.org.shape import Shape
from integration.local.org.signin.users import User, load_user
from integration.local.org.store import Store


class Sessions:
    """Who may come in, and as whom."""

    def __init__(self, store: Store, shape: Shape, prefix: str) -> None:
        self._store = store
        self._shape = shape
        self._prefix = prefix

    def issue(self, user_id: str, *, refresh: bool = False) -> str:
        """A new token of a user."""
        token = ("5Aep" if refresh else self._prefix) + secrets.token_urlsafe(48)
        with self._store.writing() as connection:
            connection.execute(
                "INSERT INTO _tokens (token, user_id, refresh) VALUES (?, ?, ?)",
                (_digest(token), user_id, int(refresh)),
            )
        return token

    def end(self, token: str) -> None:
        """Makes a token worthless."""
        with self._store.writing() as connection:
            connection.execute("DELETE FROM _tokens WHERE token = ?", (_digest(token),))

    def user_of(self, token: str, *, refresh: bool = False) -> User | None:
        """Whose token this is, with the permissions of the moment."""
        if not token:
            return None
        sql = "SELECT user_id FROM _tokens WHERE token = ? AND refresh = ?"
        with self._store.reading() as connection:
            row = connection.execute(sql, (_digest(token), int(refresh))).fetchone()
            return load_user(connection, self._shape.catalog, row[0]) if row else None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
