"""A simulated person with a browser and a mailbox: follows links, fills in forms, reads mail. Nothing else is faked."""

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from lxml import html
from requests.adapters import HTTPAdapter

from integration.demo.recruiter import StoryBroke

BROWSER = "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_4) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15"
SCANNER = "Mozilla/5.0 (compatible; MailGuard-LinkScan/3.1; bot)"
_TIMEOUT = 30
_PATIENCE_SECONDS = 120


class Page:
    """What the browser shows."""

    def __init__(self, response: requests.Response) -> None:
        self.url, self.status = response.url, response.status_code
        self.tree = html.fromstring(response.text or "<html></html>", base_url=response.url)

    def link(self, text: str) -> str:
        """The address of the first link with this text in it."""
        for anchor in self.tree.iter("a"):
            if text in " ".join(anchor.text_content().split()) and anchor.get("href"):
                return str(urljoin(self.url, anchor.get("href")))
        raise StoryBroke(f"{self.url} has no link “{text}”.")

    def form(self) -> tuple[str, dict[str, str]]:
        """(address, fields as they stand) of the page's last form that posts."""
        forms = [form for form in self.tree.forms if form.method == "POST"]
        if not forms:
            raise StoryBroke(f"{self.url} (status {self.status}) has no form.")
        fields = {name: (value or "").lstrip("\n") for name, value in forms[-1].form_values()}
        return urljoin(self.url, forms[-1].action or self.url), fields

    @property
    def text(self) -> str:
        return " ".join(self.tree.text_content().split())


class _FromHome(HTTPAdapter):
    """Connects from an address of the person's own: all of 127.0.0.0/8 is this machine, each /24 a household."""

    def __init__(self, household: int) -> None:
        self._source = f"127.{1 + household // 250 % 250}.{1 + household % 250}.1"
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options, source_address=(self._source, 0))


class Visitor:
    """One person; people of different households come from different networks."""

    def __init__(self, site: str, *, agent: str = BROWSER, household: int = 0) -> None:
        self._site = site
        self._session = requests.Session()
        self._session.mount("http://127.", _FromHome(household))
        self._session.headers.update({"user-agent": agent, "accept-language": "en-IE,en;q=0.8"})

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def open(self, url: str) -> Page:
        """Follows redirects as a browser does; leaves our site for no other."""
        for _ in range(5):
            response = self._session.get(url, timeout=_TIMEOUT, allow_redirects=False)
            if not response.is_redirect:
                return Page(response)
            url = urljoin(url, response.headers["location"])
            if urlsplit(url).netloc != urlsplit(self._site).netloc:
                break
        return Page(response)

    def look(self, url: str) -> None:
        """Loads a picture of a mail."""
        self._session.get(url, timeout=_TIMEOUT)

    def submit(self, page: Page, values: Mapping[str, str]) -> Page:
        """Fills in the page's form and sends it."""
        url, fields = page.form()
        response = self._session.post(
            url, {**fields, **values}, timeout=_TIMEOUT, headers={"origin": _origin(url)}, allow_redirects=False
        )
        answer = self.open(urljoin(url, response.headers["location"])) if response.is_redirect else Page(response)
        if answer.status != 200:
            raise StoryBroke(f"{url} answered {answer.status}: {answer.text[:300]}")
        return answer

    def unsubscribe_by_one_click(self, mail: "Mail") -> int:
        """What the mail program's own button does (RFC 8058)."""
        url = mail.header("List-Unsubscribe").split(">")[0].strip("< ")
        return requests.post(url, {"List-Unsubscribe": "One-Click"}, timeout=_TIMEOUT).status_code


class Mail:
    """One mail as its reader sees it."""

    def __init__(self, listed: Mapping[str, Any]) -> None:
        self._listed = listed
        self._tree = html.fromstring(listed["html"] or "<html></html>")

    def header(self, name: str) -> str:
        for key, value in self._listed["headers"]:
            if key.lower() == name.lower():
                return " ".join(str(value).split())
        raise StoryBroke(f"The mail “{self._listed['subject']}” has no header {name}.")

    @property
    def pixel(self) -> str:
        for picture in self._tree.iter("img"):
            if "/o/" in (picture.get("src") or ""):
                return str(picture.get("src"))
        raise StoryBroke(f"The mail “{self._listed['subject']}” has no open pixel.")

    def links(self) -> list[str]:
        """Addresses of the tracked links, in their order."""
        found = [str(anchor.get("href")) for anchor in self._tree.iter("a") if anchor.get("href")]
        return [address for address in found if "/u/" not in address and "/preferences/" not in address]


class Mailbox:
    """The mailbox's API."""

    def __init__(self, url: str) -> None:
        self._url = url

    def ledger(self, campaign: str = "") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._get("/ledger", campaign=campaign)
        return found

    def untold(self) -> int:
        """Events of the provider that the product has not heard yet."""
        return int(self._get("/health")["events_untold"])

    def mails(self, recipient: str, campaign: str = "") -> list[Mail]:
        """Newest first."""
        listed = self._get("/messages", to=recipient, campaign=campaign)
        return [Mail(self._get(f"/messages/{entry['message_id']}")) for entry in listed if not entry["answer_to"]]

    def wait_for(self, recipient: str, campaign: str, number: int = 1) -> Mail:
        """The newest mail of a campaign to somebody, once there are so many."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            found = self.mails(recipient, campaign)
            if len(found) >= number:
                return found[0]
            time.sleep(0.3)
        raise StoryBroke(f"{recipient} has not got mail {number} of {campaign} after {_PATIENCE_SECONDS} seconds.")

    def _get(self, path: str, **query: str) -> Any:
        response = requests.get(self._url + path, params=query, timeout=_TIMEOUT)
        response.raise_for_status()
        return response.json()


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
