"""Our own public site, read from outside as a board reads it."""

import requests

from integration.adapters.searches.addresses import origin_of, session
from integration.errors import TryAgain

TIMEOUT = (5, 20)
AGENT = "Warmbench-Twin"
MOST_BYTES = 600 * 1024 * 1024
MOST_REDIRECTS = 2
_PIECE = 1024 * 1024


class PublicSite:
    """ports.PublicSite over HTTP. Only addresses of the site itself are asked, and of the bucket it sends on to."""

    def __init__(self, base_url: str) -> None:
        self._base = base_url
        self._session = session([origin_of(base_url)], AGENT)

    def get(self, address: str) -> tuple[int, bytes]:
        """(status, body); a page of another site counts as not there."""
        if not address.startswith(f"{self._base}/"):
            return 404, b""
        try:
            for _ in range(MOST_REDIRECTS + 1):
                with self._session.get(address, timeout=TIMEOUT, allow_redirects=False, stream=True) as answer:
                    if not answer.is_redirect:
                        return answer.status_code, self._body(answer)
                    address = answer.headers["Location"]
        except requests.RequestException as fault:
            raise TryAgain(f"the public site did not answer ({type(fault).__name__})") from None
        return 508, b""

    def _body(self, answer: requests.Response) -> bytes:
        data = bytearray()
        for piece in answer.iter_content(_PIECE):
            data += piece
            if len(data) > MOST_BYTES:
                raise TryAgain("a feed is larger than can be checked")
        return bytes(data)
