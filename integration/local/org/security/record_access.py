"""UserRecordAccess: what one user may do with some records. Answered in the one form that the documentation gives."""

import re
from typing import TYPE_CHECKING, Any

from integration.local.org.errors import ApiError
from integration.local.org.security.reach import within_reach
from integration.local.org.signin.users import load_user

if TYPE_CHECKING:
    from integration.local.org.app import OrgApp
    from integration.local.org.security.sharing import Level

MOST_RECORDS = 200
_ID = r"'(?:[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?)'"
_NAMED = re.compile(r"\s*SELECT\b.*\bFROM\s+UserRecordAccess\b", re.IGNORECASE | re.DOTALL)
_QUERY = re.compile(
    rf"\s*SELECT\s+([\w\s,]+?)\s+FROM\s+UserRecordAccess\s+WHERE\s+\(?\s*UserId\s*=\s*({_ID})\s*\)?\s+AND\s+"
    rf"\(?\s*RecordId\s*(?:=\s*({_ID})|IN\s*\(\s*({_ID}(?:\s*,\s*{_ID})*)\s*\))\s*\)?\s*",
    re.IGNORECASE,
)
_LEVELS: dict[str, "Level"] = {
    "HasReadAccess": "read",
    "HasEditAccess": "edit",
    "HasDeleteAccess": "full",
    "HasTransferAccess": "full",
}


def is_asked(soql: str) -> bool:
    """Whether a query is about this object, which has no table."""
    return "userrecordaccess" in soql.lower() and _NAMED.match(soql) is not None


def answer(org: "OrgApp", soql: str) -> dict[str, Any]:
    """The query's answer; raises ApiError for any other form of it."""
    found = _QUERY.fullmatch(soql)
    if found is None:
        raise _refused("ask WHERE UserId = '…' AND RecordId IN ('…'), for at most 200 records")
    names = [_name(each.strip()) for each in found[1].split(",")]
    ids = list(dict.fromkeys(each.strip().strip("'") for each in (found[3] or found[4]).split(",")))
    if len(ids) > MOST_RECORDS:
        raise _refused(f"{len(ids)} records are named, at most {MOST_RECORDS} may be")
    levels = {name: _allowed(org, found[2].strip("'"), ids, level) for name, level in _LEVELS.items() if name in names}
    records = [
        {
            "attributes": {"type": "UserRecordAccess"},
            **{name: each if name == "RecordId" else each in levels[name] for name in names},
        }
        for each in ids
    ]
    return {"totalSize": len(records), "done": True, "records": records}


def _name(text: str) -> str:
    for name in ("RecordId", *_LEVELS):
        if name.lower() == text.lower():
            return name
    raise _refused(f"the field {text!r} is not answered here; {', '.join(('RecordId', *_LEVELS))} are")


def _allowed(org: "OrgApp", user_id: str, ids: list[str], level: "Level") -> set[str]:
    allowed: set[str] = set()
    with org.store.reading() as connection:
        user = load_user(connection, org.catalog, user_id)
        if user is None:
            return allowed
        for info in {found.name: found for each in ids if (found := org.catalog.by_id(each))}.values():
            mine = [each for each in ids if each.startswith(info.prefix)]
            granted = user.access.on(info.name).object
            if {"read": granted.read, "edit": granted.edit, "full": granted.delete}[level]:
                allowed.update(within_reach(connection, user, info, _standing(connection, info.name, mine), level))
    return allowed


def _standing(connection: Any, table: str, ids: list[str]) -> list[str]:
    places = ",".join("?" * len(ids))
    sql = f'SELECT "Id" FROM "{table}" WHERE "IsDeleted" = 0 AND "Id" IN ({places})'  # noqa: S608  (a name of the catalog)
    return [row[0] for row in connection.execute(sql, ids)]


def _refused(what: str) -> ApiError:
    return ApiError(400, "MALFORMED_QUERY", f"UserRecordAccess: {what}", loud=True)
