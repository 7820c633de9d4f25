"""IndexNow: https://www.indexnow.org/documentation. Secret: key, and endpoint where it is not api.indexnow.org.

The key is written where the site serves it, at /<key>.txt.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from integration.adapters.announcing.calls import post
from integration.errors import Rejected
from integration.ports import Announcement, Clock

_ENDPOINT = "https://api.indexnow.org/indexnow"
_KEY = re.compile(r"[a-zA-Z0-9-]{8,128}", re.ASCII)


class IndexNow:
    """Bing, Yandex, Seznam, Naver and others, by one call; a closed page is told like a changed one."""

    a_day = 10_000

    def __init__(self, secret: Mapping[str, str], clock: Clock) -> None:
        self._key, self._endpoint = secret["key"], secret.get("endpoint", _ENDPOINT)
        self.proof = self._key
        if not _KEY.fullmatch(self._key):
            raise Rejected("The key of IndexNow needs 8 to 128 letters, digits or hyphens. Ask your operator.")

    def tell(self, announcement: Announcement) -> str:
        parts = urlsplit(announcement.page)
        body = {
            "host": parts.netloc,
            "key": self._key,
            "keyLocation": f"{parts.scheme}://{parts.netloc}/{self._key}.txt",
            "urlList": [announcement.page],
        }
        post("IndexNow", self._endpoint, json=body)
        return announcement.page
