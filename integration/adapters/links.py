"""Whether an address of the web opens: asked by the rules of `searches.addresses`, never inside a private network."""

from collections.abc import Collection

import requests

from integration.adapters.searches import addresses
from integration.errors import Rejected

SECONDS = (3.0, 4.0)
"""For the connection, and for each answer after it."""
MOST_REDIRECTS = 5
_AGENT = "Mozilla/5.0 (compatible; Warmbench link check)"
_NO_HEAD = {400, 403, 404, 405, 406, 501}
"""Answers of servers that do not know HEAD: a GET asks again, and is let go before its body."""
_GUARDED = {401, 403, 405, 406, 407, 418, 429, 451, 999}
"""A server that keeps programs out says nothing of what people see."""


class WebLinks:
    """ports.LinkCheck. `trusted` may lie in a private network: what the operator named himself."""

    def __init__(self, trusted: Collection[addresses.Origin] = ()) -> None:
        self._trusted = trusted

    def fault(self, url: str) -> str:
        try:
            addresses.checked_url(url)
            with addresses.session(self._trusted, _AGENT) as session:
                session.max_redirects = MOST_REDIRECTS
                status = _status(session, "HEAD", url)
                if status in _NO_HEAD:
                    status = _status(session, "GET", url)
        except Rejected:
            return "leads into a private network or to no web address, where candidates cannot follow"
        except requests.TooManyRedirects:
            return f"is redirected more than {MOST_REDIRECTS} times"
        except requests.exceptions.SSLError:
            return "has a certificate that browsers warn of"
        except (requests.Timeout, requests.exceptions.ChunkedEncodingError):
            return "did not answer in time"
        except (requests.RequestException, UnicodeError, OSError):
            return "cannot be reached"
        return f"answers with {status}" if status >= 400 and status not in _GUARDED else ""


def _status(session: requests.Session, method: str, url: str) -> int:
    with session.request(method, url, timeout=SECONDS, allow_redirects=True, stream=True) as answer:
        return answer.status_code
