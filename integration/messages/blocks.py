"""Short tags that stand for whole pieces of a mail: `<wb-hero title="…" />`, `<wb-jobs count="3" />`.

They are written out as MJML before the markup is read, line for line, so a block can do nothing that its author could
not have written by hand, and every finding keeps its line.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from types import MappingProxyType

from integration.errors import shortened
from integration.messages.event import Event, read_event
from integration.messages.findings import Finding, nearest

MOST_JOBS = 12
Job = Mapping[str, str]
"""An open job as a card shows it: title, place, url."""


@dataclass(frozen=True)
class Kind:
    """What a block must have and may have; with `ends` it has a closing tag and contents."""

    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    ends: str = ""


_PICTURE = ("picture", "alt")
KINDS: Mapping[str, Kind] = {
    "wb-hero": Kind(("title",), ("text", *_PICTURE, "href", "button")),
    "wb-text": Kind((), ("title",), "</mj-text></mj-column></mj-section>"),
    "wb-jobs": Kind((), ("title", "count", "button")),
    "wb-event": Kind(("title", "start", "end", "zone"), ("place", "text", "when", "href", "button")),
    "wb-referral": Kind(("title", "href"), ("text", "button")),
    "wb-video": Kind(("picture", "alt", "href"), ("caption",)),
    "wb-columns": Kind((), (), "</mj-section>"),
    "wb-column": Kind((), ("title", *_PICTURE, "href", "button"), "</mj-text>{button}</mj-column>"),
    "wb-signature": Kind(("name",), ("role", "greeting", "phone", *_PICTURE)),
}
_HOLDERS = frozenset({"mj-section", "mj-column", "mj-group", "mj-hero", "mj-text", "mj-table"})
_TEXT_BLOCK = re.compile(r"<(wb-[a-z]+)\b([^<>]*)/?>")
_IN_TEXT = frozenset({"wb-jobs", "wb-event"})


@dataclass
class Written:
    """What became of a source with blocks."""

    source: str
    findings: list[Finding] = field(default_factory=list)
    event: Event | None = None


def written_out(source: str, jobs: Sequence[Job], mark: re.Pattern[str]) -> Written:
    """A body with its blocks as MJML."""
    if not re.search("</?wb-", source, re.IGNORECASE):
        return Written(source)
    return _Expander(source, jobs, mark).run()


def written_as_text(source: str, jobs: Sequence[Job], mark: re.Pattern[str]) -> Written:
    """A text part, where only the jobs and the event may stand as blocks."""
    done = Written(source)

    def lines(match: re.Match[str]) -> str:
        name, line = match[1], source.count("\n", 0, match.start()) + 1
        if name not in _IN_TEXT:
            text = f"<{name}> cannot stand in the text part.{nearest(name, _IN_TEXT)} Write its words instead."
            done.findings.append(Finding("Text", line, text))
            return ""
        given = _Attributes.of(match[0])
        if name == "wb-jobs":
            return "\n".join(f"- {_named(job)}: {job['url']}" for job in jobs[: _count(given)])
        event, faults = read_event(given, mark)
        done.findings += [Finding("Text", line, f"wb-event: {fault}") for fault in faults]
        return f"{given.get('title', '')}\n{_lines_of(event, given)}" if event else ""

    done.source = _TEXT_BLOCK.sub(lines, source)
    return done


def _named(job: Job) -> str:
    return f"{job['title']} ({job['place']})" if job.get("place") else job["title"]


def _lines_of(event: Event, given: Mapping[str, str]) -> str:
    lines = (given.get("when") or event.when, given.get("place", ""), given.get("href", ""))
    return "\n".join(line for line in lines if line)


class _Attributes(HTMLParser):
    """The attributes of one tag."""

    found: Mapping[str, str] = MappingProxyType({})

    @classmethod
    def of(cls, tag: str) -> Mapping[str, str]:
        reader = cls()
        reader.feed(tag)
        return reader.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found = {name: value or "" for name, value in reversed(attrs)}


class _Expander(HTMLParser):
    """Finds the blocks of a body and replaces each where it stands."""

    def __init__(self, source: str, jobs: Sequence[Job], mark: re.Pattern[str]) -> None:
        super().__init__(convert_charrefs=False)
        self._source, self._jobs, self._mark = source, jobs, mark
        self._starts = [0, *(match.end() for match in re.finditer("\n", source))]
        self._done = Written(source)
        self._changes: list[tuple[int, int, str]] = []
        self._open: list[tuple[str, Mapping[str, str]]] = []

    def run(self) -> Written:
        self.feed(self._source)
        self.close()
        for name, _ in self._open:
            if name in KINDS:
                self._fault(name, f"is not closed. Add </{name}>.")
        out, at = [], 0
        for start, end, text in self._changes:
            # The tag's own line ends stay, so that what follows keeps its line.
            kept = "\n" * self._source.count("\n", start, end)
            out += [self._source[at:start], text.replace("\n", " "), kept]
            at = end
        self._done.source = "".join([*out, self._source[at:]])
        return self._done

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs, closed=False)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs, closed=True)

    def handle_endtag(self, tag: str) -> None:
        if tag in _HOLDERS and self._open and self._open[-1][0] == tag:
            self._open.pop()
        if not tag.startswith("wb-"):
            return
        start = self._here()
        end = self._source.find(">", start) + 1 or len(self._source)
        if tag in KINDS and not KINDS[tag].ends:
            self._changes.append((start, end, ""))
        elif not self._open or self._open[-1][0] != tag:
            self._fault(tag, f"is closed here but was not opened: </{shortened(tag, 30)}> is too many.")
        else:
            _, given = self._open.pop()
            self._changes.append((start, end, KINDS[tag].ends.replace("{button}", _button(given))))

    def _start(self, tag: str, attrs: list[tuple[str, str | None]], *, closed: bool) -> None:
        if tag in _HOLDERS and not closed:
            self._open.append((tag, {}))
        if not tag.startswith("wb-"):
            return
        given = {name: value or "" for name, value in reversed(attrs)}
        start = self._here()
        end = start + len(self.get_starttag_text() or "")
        text = "" if self._is_wrong(tag, given) else self._as_mjml(tag, given)
        if tag in KINDS and KINDS[tag].ends:
            if closed:
                text += KINDS[tag].ends.replace("{button}", _button(given))
            else:
                self._open.append((tag, given))
        self._changes.append((start, end, text))

    def _is_wrong(self, tag: str, given: Mapping[str, str]) -> bool:
        """Notes every reason why a block cannot be written."""
        before = len(self._done.findings)
        kind = KINDS.get(tag)
        if kind is None:
            self._fault(
                tag, f"is not a block.{nearest(tag, KINDS) or ' Use one of: ' + ', '.join(sorted(KINDS)) + '.'}"
            )
            return True
        for name in given:
            if name not in (*kind.needs, *kind.may):
                allowed = (*kind.needs, *kind.may)
                hint = nearest(name, allowed) or f" It has: {', '.join(allowed) or 'none'}."
                self._fault(tag, f"has no {shortened(name, 30)}.{hint}")
        for name in kind.needs:
            if not given.get(name, "").strip():
                self._fault(tag, f'needs {name}. Write {name}="…".')
        if given.get("picture") and not given.get("alt", "").strip():
            self._fault(tag, 'needs alt for its picture. Write alt="…" for people who do not see it.')
        if given.get("button") and not given.get("href") and "href" in (*kind.needs, *kind.may):
            self._fault(tag, 'has a button that leads nowhere. Write href="https://…".')
        around = self._open[-1][0] if self._open else ""
        if (around != "wb-columns") if tag == "wb-column" else bool(around):
            where = (
                "must stand in <wb-columns>" if tag == "wb-column" else f"cannot stand in <{around}>. Put it after it"
            )
            self._fault(tag, f"{where}.")
        return len(self._done.findings) > before

    def _as_mjml(self, tag: str, given: Mapping[str, str]) -> str:
        if tag == "wb-jobs":
            return self._cards(given)
        if tag == "wb-event":
            return self._event(given)
        return _FORMS[tag](given)

    def _cards(self, given: Mapping[str, str]) -> str:
        count = _count(given)
        if not 1 <= count <= MOST_JOBS:
            self._fault(
                "wb-jobs", f'count must be a number from 1 to {MOST_JOBS}, not "{shortened(given["count"], 20)}".'
            )
        elif not self._jobs:
            self._fault("wb-jobs", "there is no open job to show. Publish one, or take the block out.")
        head = _section(f"<mj-text><h2>{escape(given['title'])}</h2></mj-text>") if given.get("title") else ""
        return head + "".join(
            _section(
                f"<mj-text><h3>{escape(job['title'])}</h3>{escape(job.get('place', ''))}</mj-text>"
                + _button({"href": job["url"], "button": given.get("button") or "Look at the job"})
            )
            for job in self._jobs[:count]
        )

    def _event(self, given: Mapping[str, str]) -> str:
        event, faults = read_event(given, self._mark)
        for fault in faults:
            self._fault("wb-event", fault)
        if self._done.event:
            self._fault("wb-event", "stands twice. A mail invites to one event: take the other out.")
        if event is None:
            return ""
        self._done.event = event
        place = f"<br/>{escape(given['place'])}" if given.get("place") else ""
        text = f"<mj-text>{escape(given['text'])}</mj-text>" if given.get("text") else ""
        when = f"<mj-text><b>{escape(given.get('when') or event.when)}</b>{place}</mj-text>"
        return _section(f"<mj-text><h2>{escape(given['title'])}</h2></mj-text>{when}{text}{_button(given)}")

    def _here(self) -> int:
        line, column = self.getpos()
        return self._starts[line - 1] + column

    def _fault(self, tag: str, text: str) -> None:
        self._done.findings.append(Finding("Body", self.getpos()[0], f"{shortened(tag, 30)}: {text}"))


def _count(given: Mapping[str, str]) -> int:
    text = given.get("count", "") or "3"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _section(inside: str) -> str:
    return f"<mj-section><mj-column>{inside}</mj-column></mj-section>"


def _button(given: Mapping[str, str]) -> str:
    if not given.get("href"):
        return ""
    return f'<mj-button href="{escape(given["href"])}">{escape(given.get("button") or "Read more")}</mj-button>'


def _picture(given: Mapping[str, str], extra: str = "") -> str:
    if not given.get("picture"):
        return ""
    link = f' href="{escape(given["href"])}"' if given.get("href") else ""
    return f'<mj-image src="{escape(given["picture"])}" alt="{escape(given.get("alt", ""))}"{link}{extra} />'


def _hero(given: Mapping[str, str]) -> str:
    text = f"<mj-text>{escape(given['text'])}</mj-text>" if given.get("text") else ""
    return _section(f"{_picture(given)}<mj-text><h1>{escape(given['title'])}</h1></mj-text>{text}{_button(given)}")


def _text(given: Mapping[str, str]) -> str:
    title = f"<mj-text><h2>{escape(given['title'])}</h2></mj-text>" if given.get("title") else ""
    return f"<mj-section><mj-column>{title}<mj-text>"


def _referral(given: Mapping[str, str]) -> str:
    text = f"<mj-text>{escape(given['text'])}</mj-text>" if given.get("text") else ""
    button = _button({"href": given["href"], "button": given.get("button") or "Recommend somebody"})
    return _section(f"<mj-text><h2>{escape(given['title'])}</h2></mj-text>{text}{button}")


def _video(given: Mapping[str, str]) -> str:
    caption = escape(given.get("caption") or given["alt"])
    link = f'<a href="{escape(given["href"])}">▶ {caption}</a>'
    return _section(f'{_picture(given)}<mj-text align="center">{link}</mj-text>')


def _column(given: Mapping[str, str]) -> str:
    title = f"<mj-text><h3>{escape(given['title'])}</h3></mj-text>" if given.get("title") else ""
    return f"<mj-column>{_picture(given)}{title}<mj-text>"


def _signature(given: Mapping[str, str]) -> str:
    lines = [given.get("greeting", ""), given["name"], given.get("role", ""), given.get("phone", "")]
    shown = "<br/>".join(f"<b>{escape(line)}</b>" if n == 1 else escape(line) for n, line in enumerate(lines) if line)
    picture = _picture(given, ' width="72px" align="left"')
    return _section(f'<mj-divider border-width="1px" border-color="#d5dae0" />{picture}<mj-text>{shown}</mj-text>')


_FORMS = {
    "wb-hero": _hero,
    "wb-text": _text,
    "wb-referral": _referral,
    "wb-video": _video,
    "wb-columns": lambda given: "<mj-section>",
    "wb-column": _column,
    "wb-signature": _signature,
}
