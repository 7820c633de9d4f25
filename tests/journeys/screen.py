"""A person in front of Chromium: reads pages and mails, fills in forms and presses what has a name there."""

import re
import time
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Frame, Page, expect

from integration.demo.visitor import BROWSER
from tests.browser.axe import serious

PATIENCE_SECONDS = 120
PATIENCE_MS = 60_000
"""For what is there at once or never."""
READING_SECONDS = 2.2
"""A form that comes back within two seconds was filled in by a program."""


@dataclass
class Album:
    """Pictures of every page that was passed, and what axe found on each."""

    folder: Path
    findings: dict[str, list] = field(default_factory=dict)

    def keep(self, name: str, page: Page) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=self.folder / f"{name}.png", full_page=True)
        if found := serious(page):
            self.findings[name] = found

    def keep_mail(self, name: str, page: Page, mail: Frame) -> None:
        """The mailbox lets no script run in a mail, so axe looks at a copy of it, whose pictures nobody loads."""
        self.keep(name, page)
        copy = page.context.new_page()
        copy.route("**/*", lambda route: route.fulfill(status=204))
        copy.set_content(mail.content())
        if found := serious(copy):
            self.findings[f"{name}, the mail"] = found
        copy.close()


class Screen:
    """One person's browser. Everything is found by what is seen: roles, labels and texts."""

    def __init__(self, browser: Browser, album: Album, mailbox: str, *, email: str = "") -> None:
        # Chromium without a window names itself so; a person's browser does not.
        self._context = browser.new_context(user_agent=BROWSER, locale="en-IE", viewport={"width": 1280, "height": 900})
        self._album, self._mailbox, self._email = album, mailbox, email
        self._context.set_default_timeout(PATIENCE_MS)
        self.page = self._context.new_page()
        self.troubles: list[str] = []
        self._context.on("weberror", lambda error: self.troubles.append(str(error.error)))
        self._context.on("console", self._said)

    def _said(self, message) -> None:
        if message.type == "error":
            self.troubles.append(f"{message.location.get('url', '')}: {message.text}")

    def close(self) -> None:
        self._context.close()

    def open(self, url: str) -> None:
        self.page.goto(url)

    def look(self, name: str) -> None:
        """Keeps a picture of the page and holds it against axe."""
        self._album.keep(name, self.page)

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=PATIENCE_MS)

    def is_headed(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(text, timeout=PATIENCE_MS)

    def has_section(self, title: str) -> None:
        expect(self.page.get_by_role("heading", name=title).first).to_be_visible(timeout=PATIENCE_MS)

    def follow(self, link: str) -> None:
        self.page.get_by_role("link", name=link).first.click()

    def fill(self, label: str, text: str) -> None:
        """What follows the label, such as (optional), may stay away."""
        self.page.get_by_label(label).first.fill(text)

    def tick(self, label: str) -> None:
        self.page.get_by_role("checkbox", name=label).check()

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button).first.click()

    def read(self) -> None:
        """Takes the time that a person takes over a form."""
        self.page.wait_for_timeout(READING_SECONDS * 1_000)

    def find_mail(self, subject: str, *, number: int = 1) -> None:
        """Opens the newest mail with this subject in the person's mailbox, once there are so many."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        links = self.page.get_by_role("link", name=subject)
        while time.monotonic() < deadline:
            self.page.goto(f"{self._mailbox}/?to={self._email}")
            if links.count() >= number:
                links.first.click()
                self.page.wait_for_load_state("networkidle")
                return
            time.sleep(0.4)
        raise AssertionError(f"{self._email} has got {links.count()} mails “{subject}”, not {number}")

    @property
    def mail(self) -> Frame:
        """The mail itself, as the mailbox shows it."""
        return next(frame for frame in self.page.frames if frame.url.endswith("/body"))

    def look_at_mail(self, name: str) -> None:
        self._album.keep_mail(name, self.page, self.mail)

    def follow_in_mail(self, link: str) -> None:
        """The mail program opens it in a window of its own."""
        with self._context.expect_page() as opened:
            self.mail.get_by_role("link", name=link).first.click()
        self.page.close()
        self.page = opened.value
        self.page.wait_for_load_state()
