"""Users' passwords: the org's one generated secret until a user is given a password of their own."""

import hashlib
import hmac
import secrets
import sqlite3

from integration.local.org.errors import ApiError
from integration.local.org.signin.users import user_id_of
from integration.local.org.store import Store
from integration.local.org.web import Call, Reply

SHORTEST = 8
_SETTING = "password"
_SALT_BYTES = 16


class Passwords:
    """Who may come in by name and password. Own passwords are kept as salted digests."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def shared(self) -> str:
        """What every user begins with, made on first use; `warmbench org` tells it."""
        found = self._store.setting(_SETTING)
        if found:
            return found
        with self._store.writing() as connection:
            made = (_SETTING, secrets.token_urlsafe(18))
            connection.execute("INSERT OR IGNORE INTO _settings (name, value) VALUES (?, ?)", made)
        return self._store.setting(_SETTING)

    def change(self, user_id: str, password: str) -> None:
        """Gives a user a password of their own."""
        salt = secrets.token_bytes(_SALT_BYTES)
        with self._store.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO _passwords (user_id, salt, digest) VALUES (?, ?, ?)",
                (user_id, salt, _digest(password, salt)),
            )

    def user_id(self, username: str, password: str) -> str:
        """The active user whose name and password these are, or an empty text."""
        with self._store.reading() as connection:
            found = user_id_of(connection, username)
            own = _own(connection, found)
        if own:
            matches = hmac.compare_digest(_digest(password, own[0]), own[1])
        else:
            matches = hmac.compare_digest(password.encode(), self.shared().encode())
        return found if found and matches else ""


def _own(connection: sqlite3.Connection, user_id: str) -> tuple[bytes, bytes] | None:
    row = connection.execute("SELECT salt, digest FROM _passwords WHERE user_id = ?", (user_id,)).fetchone()
    return (row[0], row[1]) if row else None


def _digest(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)


def change(call: Call, user_id: str) -> Reply:
    """POST /sobjects/User/<id>/password {"NewPassword": …}"""
    user_id = _changeable(call, user_id)
    password = call.json_object().get("NewPassword")
    if not isinstance(password, str) or len(password) < SHORTEST:
        text = f"Your password must be at least {SHORTEST} characters long."
        raise ApiError(400, "INVALID_NEW_PASSWORD", text)
    call.org.passwords.change(user_id, password)
    return Reply(204)


def reset(call: Call, user_id: str) -> Reply:
    """DELETE /sobjects/User/<id>/password: a generated one, told in the answer."""
    user_id = _changeable(call, user_id)
    password = secrets.token_urlsafe(12)
    call.org.passwords.change(user_id, password)
    return Reply(200, {"NewPassword": password})


def is_expired(call: Call, user_id: str) -> Reply:
    """GET /sobjects/User/<id>/password: passwords of this org do not expire."""
    _changeable(call, user_id)
    return Reply(200, {"isExpired": False})


def _changeable(call: Call, given: str) -> str:
    """The full id of a user whose password this caller may change: one's own, or anybody's as an admin."""
    from integration.local.org.rest import existing_id

    user_id = existing_id(call, call.org.catalog.objects["User"], given)
    if user_id != call.person.id and not call.person.is_admin:
        text = "insufficient access rights on object id"
        raise ApiError(403, "INSUFFICIENT_ACCESS", text)
    return user_id
