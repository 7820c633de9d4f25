"""Google's Indexing API: https://developers.google.com/search/apis/indexing-api/v3/using-api.

Secret: client_email and private_key of a service account that owns the site in Search Console.
"""

from collections.abc import Mapping
from datetime import timedelta

import jwt

from integration.adapters.announcing.calls import post
from integration.errors import Rejected
from integration.ports import Announcement, Clock

_TOKENS = "https://oauth2.googleapis.com/token"
_PUBLISH = "https://indexing.googleapis.com/v3/urlNotifications:publish"
_SCOPE = "https://www.googleapis.com/auth/indexing"
_NAME = "Google"


class GoogleIndexing:
    """200 addresses a day by default, which is why closings go first."""

    a_day = 200
    proof = ""

    def __init__(self, secret: Mapping[str, str], clock: Clock) -> None:
        self._email, self._key, self._clock = secret["client_email"], secret["private_key"], clock
        self._token = ""

    def tell(self, announcement: Announcement) -> str:
        kind = "URL_DELETED" if announcement.is_closed else "URL_UPDATED"
        headers = {"Authorization": f"Bearer {self._token or self._signed_in()}"}
        post(_NAME, _PUBLISH, headers=headers, json={"url": announcement.page, "type": kind})
        return announcement.page

    def _signed_in(self) -> str:
        now = self._clock.now()
        claims = {
            "iss": self._email,
            "scope": _SCOPE,
            "aud": _TOKENS,
            "iat": int(now.timestamp()),
            "exp": int((now + timedelta(minutes=50)).timestamp()),
        }
        try:
            assertion = jwt.encode(claims, self._key, algorithm="RS256")
        except (ValueError, TypeError, jwt.PyJWTError):
            raise Rejected("The private key of Google's service account cannot be read. Ask your operator.") from None
        form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}
        self._token = str(post(_NAME, _TOKENS, data=form).json().get("access_token", ""))
        if not self._token:
            raise Rejected("Google gave no access. Ask your operator to check the service account.")
        return self._token
