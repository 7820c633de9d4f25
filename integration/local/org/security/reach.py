"""Which of some records somebody may see, edit or have as their own."""

import json
import sqlite3
from collections.abc import Collection
from typing import TYPE_CHECKING

from integration.local.org.catalog import ObjectInfo
from integration.local.org.store import quoted

if TYPE_CHECKING:
    from integration.local.org.security.sharing import Level
    from integration.local.org.signin.users import User


def within_reach(
    connection: sqlite3.Connection, user: "User", info: ObjectInfo, ids: Collection[str], level: "Level"
) -> Collection[str]:
    """Those of the ids that the user may treat so; asks the database only where sharing closes anything."""
    parameters: list[object] = []

    def bind(value: object) -> str:
        parameters.append(value)
        return f"?{len(parameters)}"

    condition = user.sees(info, "reached", bind, level) if ids else ""
    if not condition:
        return ids
    wanted = bind(json.dumps(list(ids)))
    sql = (
        f'SELECT reached."Id" FROM {quoted(info.name)} AS reached'  # noqa: S608
        f' WHERE reached."Id" IN (SELECT value FROM json_each({wanted})) AND {condition}'
    )
    return {row[0] for row in connection.execute(sql, parameters)}
