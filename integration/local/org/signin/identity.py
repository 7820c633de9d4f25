"""Who a token belongs to: the OpenID answer at userinfo, and the identity page that a login points to."""

import sqlite3
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from integration.local.org.errors import ApiError
from integration.local.org.signin.users import User
from integration.local.org.store import quoted
from integration.local.org.web import Call, Reply

_SOAP = "{url}/services/Soap/{letter}/{{version}}/{org}"
_USER_FIELDS = ("FirstName", "LastName", "Email", "LocaleSidKey", "LanguageLocaleKey", "LastModifiedDate", "UserType")


def userinfo(call: Call) -> Reply:
    """GET /services/oauth2/userinfo"""
    user = _person(call)
    row = _row(call, user)
    about = {
        "sub": _address(call, user),
        "user_id": user.id,
        "organization_id": call.org.id,
        "preferred_username": user.username,
        "nickname": _nickname(user),
        "name": user.name,
        "email": row["Email"],
        "email_verified": True,
        "given_name": row["FirstName"],
        "family_name": row["LastName"],
        "zoneinfo": user.time_zone,
        "photos": _photos(call),
        "profile": f"{call.org.url}/{user.id}",
        "picture": _photos(call)["picture"],
        "address": {},
        "is_salesforce_integration_user": False,
        **_common(call, user, row),
        "updated_at": _shown(row["LastModifiedDate"]),
    }
    return Reply(200, about)


def identity(call: Call, organization: str, user: str) -> Reply:
    """GET /id/<org>/<user>: one's own only."""
    person = _person(call)
    if (organization, user) != (call.org.id, person.id):
        raise ApiError(403, "Wrong_Org", "Wrong_Org")
    row = _row(call, person)
    about = {
        "id": _address(call, person),
        "asserted_user": True,
        "user_id": person.id,
        "organization_id": call.org.id,
        "username": person.username,
        "nick_name": _nickname(person),
        "display_name": person.name,
        "email": row["Email"],
        "email_verified": True,
        "first_name": row["FirstName"],
        "last_name": row["LastName"],
        "timezone": person.time_zone,
        "photos": _photos(call),
        **dict.fromkeys(("addr_street", "addr_city", "addr_state", "addr_country", "addr_zip"), None),
        "mobile_phone": None,
        "mobile_phone_verified": False,
        "is_lightning_login_user": False,
        "status": {"created_date": None, "body": None},
        **_common(call, person, row),
        "last_modified_date": _shown(row["LastModifiedDate"]),
    }
    return Reply(200, about)


def _person(call: Call) -> User:
    if call.user is None:
        raise ApiError(403, "Bad_OAuth_Token", "Bad_OAuth_Token")
    return call.user


def _row(call: Call, user: User) -> dict[str, Any]:
    names = ", ".join(map(quoted, _USER_FIELDS))
    with call.org.store.reading() as connection:
        cursor: sqlite3.Cursor = connection.execute(f"SELECT {names} FROM User WHERE Id = ?", (user.id,))  # noqa: S608
        return dict(zip(_USER_FIELDS, cursor.fetchone(), strict=True))


def _common(call: Call, user: User, row: dict[str, Any]) -> dict[str, Any]:
    """What both answers say alike."""
    return {
        "urls": _urls(call, user),
        "active": True,
        "user_type": str(row["UserType"] or "Standard").upper(),
        "language": row["LanguageLocaleKey"] or "en_US",
        "locale": row["LocaleSidKey"] or "en_US",
        "utcOffset": _utc_offset(call, user),
        "is_app_installed": True,
    }


def _utc_offset(call: Call, user: User) -> int:
    """How far the user's standard time is from UTC, in milliseconds."""
    year, zone = call.org.now().year, ZoneInfo(user.time_zone)
    # Either of January and July is standard time; what Python holds for daylight saving differs from zone to zone.
    away = min(datetime(year, month, 1, tzinfo=zone).utcoffset() or timedelta() for month in (1, 7))
    return int(away.total_seconds() * 1000)


def _urls(call: Call, user: User) -> dict[str, str]:
    url, org = call.org.url, call.org.id
    data = f"{url}/services/data/v{{version}}/"
    urls = {
        "enterprise": _SOAP.format(url=url, letter="c", org=org),
        "metadata": _SOAP.format(url=url, letter="m", org=org),
        "partner": _SOAP.format(url=url, letter="u", org=org),
        "rest": data,
        "sobjects": f"{data}sobjects/",
        "search": f"{data}search/",
        "query": f"{data}query/",
        "recent": f"{data}recent/",
        "tooling_soap": _SOAP.format(url=url, letter="T", org=org),
        "tooling_rest": f"{data}tooling/",
        "profile": f"{url}/{user.id}",
        "custom_domain": url,
    }
    # Chatter is no part of this org; clients expect its addresses all the same.
    for name, path in (("feeds", "feeds"), ("groups", "groups"), ("users", "users"), ("feed_items", "feed-items")):
        urls[name] = f"{data}chatter/{path}"
    return urls


def _address(call: Call, user: User) -> str:
    return f"{call.org.url}/id/{call.org.id}/{user.id}"


def _nickname(user: User) -> str:
    return user.username.partition("@")[0]


def _photos(call: Call) -> dict[str, str]:
    return {"picture": f"{call.org.url}/profilephoto/005/F", "thumbnail": f"{call.org.url}/profilephoto/005/T"}


def _shown(stored: str) -> str:
    return stored[:-1] + "+0000" if stored else stored
