"""A message of one step, made once: sources compiled apart, links signed, literals put into wire form."""

import base64
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from integration.errors import Gone
from integration.messages import engine
from integration.messages.compiling import Compiled, Source
from integration.messages.event import Event, calendar
from integration.messages.findings import Finding
from integration.messages.hidden import NUMBER, with_hidden_link
from integration.messages.isolation import compile_once
from integration.messages.slots import OF_CANDIDATE
from integration.model import link, reply_address
from integration.model.address import sendable
from integration.model.link import Purpose, Signer
from integration.model.message import MAIL_TOKEN, Block, Link, Message, Piece, Slot, Writer, link_number
from integration.model.mime import CRLF, mailbox, quoted
from integration.ports import Record
from integration.records import Brand, is_record_id

if TYPE_CHECKING:
    from integration.app import App

_BRAND = {
    "primary_color": Brand.PRIMARY_COLOR,
    "background_color": Brand.BACKGROUND_COLOR,
    "text_color": Brand.TEXT_COLOR,
    "font": Brand.FONT,
    "logo_url": Brand.LOGO_URL,
    "from_name": Brand.FROM_NAME,
}
BRAND_FIELDS = (Brand.ID, *_BRAND.values(), Brand.FROM_ADDRESS, Brand.POSTAL_ADDRESS, Brand.PRIVACY_URL)


@dataclass(frozen=True)
class Translation:
    """A template in another language."""

    name: str
    language: str
    subject: str
    body: str
    text: str


@dataclass(frozen=True)
class Draft:
    """Everything a message is made of."""

    campaign: str
    step: str
    version: str
    subject: str
    body: str
    text: str
    brand: Record
    language: str = "en"
    constants: Mapping[str, str] = field(default_factory=dict)
    """Words of the campaign, besides those of the brand."""
    claims: Mapping[str, str] = field(default_factory=dict)
    """What each tracked link says besides campaign and step: channel, requisition."""
    sender: str = ""
    """Instead of the brand's address."""
    reply_to: str = ""
    """Whose mails they are, when that address may not send itself: answers go there."""
    transactional: bool = False
    topic: str = ""
    """What the mail is about; see Message."""
    jobs: Sequence[Mapping[str, str]] = ()
    """The open jobs that a <wb-jobs> shows: title, place, url."""
    translations: Sequence[Translation] = ()
    own_words: Sequence[str] = ()
    """Slots that the service fills, besides those of the candidate."""


MARKS = "mark"
"""Items of the ledger that say which message a reply address belongs to."""
MOST_MARKS = 20


def key_of(campaign: str, step: str, version: str) -> str:
    """Where a message is kept."""
    return f"messages/campaign={campaign}/step={step}-v{version}.json"


def make(app: "App", draft: Draft) -> tuple[Message | None, list[Finding]]:
    """The message in all its languages, or None and the reasons. Warnings come with a message too."""
    message, findings = _in_one_language(app, draft)
    others, seen = [], {draft.language.lower()}
    for one in draft.translations:
        findings += _language_faults(one, seen)
        seen.add(one.language.lower())
        words = replace(draft, language=one.language, subject=one.subject, body=one.body, text=one.text)
        other, found = _in_one_language(app, replace(words, translations=()))
        findings += [replace(each, part=f"{one.name}, {each.part}") for each in found if each.part != "Brand"]
        others += [other] if other else []
    if message is None or any(finding.error for finding in findings):
        return None, findings
    if not others:
        return message, findings
    links = {link.number: link for each in (message, *others) for link in each.links}
    return replace(message, links=tuple(links.values()), translations=tuple(others)), findings


def _language_faults(one: Translation, seen: Collection[str]) -> list[Finding]:
    if not one.language.strip():
        return [Finding(one.name, 0, "the translation has no language. Enter it on the template, as de or fr.")]
    if one.language.lower() in seen:
        text = f"there are two mails in {one.language}. Give each translation a language of its own."
        return [Finding(one.name, 0, text)]
    return []


def _in_one_language(app: "App", draft: Draft) -> tuple[Message | None, list[Finding]]:
    sender = sendable(draft.sender or str(draft.brand.get(Brand.FROM_ADDRESS) or ""))
    findings = []
    if not sender:
        findings.append(
            Finding("Brand", 0, "the sender has no proper address. Enter one on the brand or the campaign.")
        )
    made = compile_once(source_of(app.config.public_base_url, draft))
    findings += made.findings
    if any(finding.error for finding in findings):
        return None, findings
    message = assembled(draft, made, sender=sender, base_url=app.config.public_base_url, links=app.links)
    message = replace(message, calendar=calendar_of(draft, made, sender, app.clock.now()))
    return _answerable(draft, message, app.config.inbound_domain), findings


def _answerable(draft: Draft, message: Message, domain: str) -> Message:
    """With the address that answers go to. Test mails have none: their people are not in the ledger."""
    owner = sendable(draft.reply_to)
    if owner:
        message = replace(message, answers_to=owner)
    if owner and not domain:
        return replace(message, headers=f"{message.headers}Reply-To: {owner}{CRLF}")
    if not domain or draft.transactional or not is_record_id(draft.campaign):
        return message
    name = str(draft.brand.get(Brand.FROM_NAME) or "")
    mark = reply_address.mark_of(draft.campaign, draft.step, draft.version)
    return replace(message, reply_to=mailbox(name, f"{reply_address.LOCAL}@{domain}"), reply_mark=mark)


def assembled(draft: Draft, made: Compiled, *, sender: str, base_url: str, links: Signer) -> Message:
    """The stored form: links signed, literals in wire form."""
    shown = len(made.links)
    if not draft.transactional:
        made = with_hidden_link(made, base_url)
    signed = [
        _signed_link(links, draft, target, "" if place < shown else NUMBER) for place, target in enumerate(made.links)
    ]
    prefixes = [f"{base_url}/c/{token}/" for _, token in signed]
    return Message(
        campaign=draft.campaign,
        step=draft.step,
        version=draft.version,
        sender=sender,
        headers=f"From: {mailbox(str(draft.brand.get(Brand.FROM_NAME) or ''), sender)}{CRLF}",
        unsubscribe_base="" if draft.transactional else f"{base_url}/u/",
        subject=tuple(_plain(piece) for piece in made.subject),
        text=_wire(made.text, prefixes),
        html=_wire(made.html, prefixes),
        links=tuple(one for one, _ in signed[:shown]),
        constants=_constants(base_url, draft),
        kind="transactional" if draft.transactional else "campaign",
        topic=draft.topic,
        language=draft.language,
    )


def calendar_of(draft: Draft, made: Compiled, sender: str, at: datetime) -> str:
    """The invitation's file in wire form; empty when the mail invites to nothing."""
    if made.event is None:
        return ""
    sequence = int(draft.version) if draft.version.isdigit() else 0
    uid = f"{draft.campaign}.{draft.step}@{sender.rpartition('@')[2]}"
    return in_wire_form(calendar(Event(**made.event), uid=uid, organizer=sender, sequence=sequence, at=at))


def in_wire_form(file: str) -> str:
    """A calendar file as a mail carries it."""
    return base64.encodebytes(file.encode()).decode().replace("\n", CRLF)


def publish(app: "App", message: Message) -> str:
    """Stores the message for good: what was stored first under a version stays (F33). Gives its key."""
    key = key_of(message.campaign, message.step, message.version)
    if message.reply_mark:
        mark = _kept_mark(app, message)
        others = tuple(replace(one, reply_mark=mark) for one in message.translations)
        message = replace(message, reply_mark=mark, translations=others)
    app.data.write(key, message.to_json(), content_type="application/json", unless_exists=True)
    return key


def _kept_mark(app: "App", message: Message) -> str:
    """Writes down what the mark means before a mail carries it; the next one when it is another message's."""
    means = {"campaign": message.campaign, "step": message.step, "version": message.version}
    for attempt in range(MOST_MARKS):
        mark = reply_address.mark_of(message.campaign, message.step, message.version, attempt)
        item = {"pk": f"{MARKS}#{mark}", "sk": MARKS, **means}
        if app.sends.put(item, unless_exists=True) or app.sends.get(item["pk"], MARKS) == item:
            return mark
    raise RuntimeError("no free mark for a message's answers")


def message_of_mark(app: "App", mark: str) -> tuple[str, str, str] | None:
    """(campaign, step, version) of the message that an answer belongs to."""
    item = app.sends.get(f"{MARKS}#{mark}", MARKS)
    return (item["campaign"], item["step"], item["version"]) if item else None


def writer(app: "App", campaign: str, step: str, version: str) -> Writer:
    """What writes the mails of a stored message; kept for the life of the process, as the message never changes."""
    return _writer(cast("Any", app.data), key_of(campaign, step, version))


@lru_cache(maxsize=32)
def _writer(files: Any, key: str) -> Writer:
    data = files.read(key)
    if data is None:
        raise Gone(f"The compiled message {key} is not there any more.")
    return Writer(Message.from_json(data), engine.render)


def source_of(base_url: str, draft: Draft) -> Source:
    """What the compiler is given: nothing secret, plain JSON."""
    return Source(
        subject=draft.subject,
        body=draft.body,
        text=draft.text,
        constants=_constants(base_url, draft),
        brand={name: str(draft.brand.get(field) or "") for name, field in _BRAND.items()},
        slots=sorted({*OF_CANDIDATE, *draft.own_words}),
        base_url=base_url,
        language=draft.language,
        transactional=draft.transactional,
        jobs=[dict(job) for job in draft.jobs],
    )


def _constants(base_url: str, draft: Draft) -> dict[str, str]:
    brand = draft.brand
    return {
        "company": str(brand.get(Brand.FROM_NAME) or ""),
        "postal_address": str(brand.get(Brand.POSTAL_ADDRESS) or ""),
        "privacy_url": str(brand.get(Brand.PRIVACY_URL) or ""),
        "site_url": f"{base_url}/",
        **draft.constants,
    }


def _signed_link(links: Signer, draft: Draft, target: str, number: str) -> tuple[Link, str]:
    one = Link(number or link_number(target), target)
    claims = {
        link.TARGET: target,
        link.CAMPAIGN: draft.campaign,
        link.STEP: draft.step,
        link.VERSION: draft.version,
        link.NUMBER: one.number,
        **draft.claims,
    }
    return one, links.sign(Purpose.LINK, claims)


def _plain(piece: str | dict[str, Any]) -> Piece:
    if isinstance(piece, str):
        return piece
    return Block(piece["block"]) if "block" in piece else Slot(piece["slot"], piece["default"])


def _wire(pieces: Sequence[str | dict[str, Any]], prefixes: Sequence[str]) -> tuple[Piece, ...]:
    """Links become their signed address and the mail's token; what is the same for all is encoded."""
    done: list[Piece] = []
    literal = ""
    for piece in pieces:
        if isinstance(piece, str):
            literal += piece
        elif "link" in piece:
            done += [quoted(literal + prefixes[piece["link"]]).decode(), Slot(MAIL_TOKEN)]
            literal = ""
        else:
            done += [quoted(literal).decode(), _with_links(piece, prefixes)]
            literal = ""
    return tuple(piece for piece in (*done, quoted(literal).decode()) if piece != "")


def _with_links(piece: dict[str, Any], prefixes: Sequence[str]) -> Piece:
    if "block" not in piece:
        return _plain(piece)
    source = str(piece["block"])
    for number, prefix in enumerate(prefixes):
        source = source.replace(f"{{{{ _link_{number} }}}}", f"{prefix}{{{{ {MAIL_TOKEN} }}}}")
    return Block(source)
