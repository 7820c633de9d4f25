"""Writing one personalised, signed mail: compiled pieces against jinja2 + itsdangerous + EmailMessage.

Both write the same mail for the same people: eight sections, eight tracked links, 28 slots, a text part and one-click
headers. The figure is the slope between two amounts, so start-up costs neither side anything.
"""

import email
import email.policy
import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import partial
from itertools import islice

from integration.bench._frame import Row, cpu_seconds, interleaved
from integration.messages import Draft, engine
from integration.messages.compiling import Compiled
from integration.messages.hidden import with_hidden_link
from integration.messages.isolation import compile_apart
from integration.messages.making import assembled, source_of
from integration.messages.slots import OF_CANDIDATE
from integration.model import link, reply_address
from integration.model.link import Purpose, Signer
from integration.model.message import MAIL_TOKEN, PREFERENCES_TOKEN, REPLY_TOKEN, Message, Writer
from integration.ports import Record
from integration.records import Brand

BASE = "https://jobs.warmbench.example"
CAMPAIGN, STEP = "a0C000000000001AAA", "a0D000000000001AAA"
KEY = b"a key for nothing but this bench"
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PRODUCT_MAILS = (20_000, 200_000)
PEER_MAILS = (200, 1_200)
COMPARED = 1_000
SLOTS_GOAL, BLOCKS_GOAL = 1 / 50, 1 / 15

Person = Mapping[str, str]
Write = Callable[[Person], bytes]

_LINE = "Hello {{ first_name }} {{ last_name }} in {{ city }}, we read that you work as {{ title }}."
_FILLER = "There is a bench in the yard where the whole team has lunch when it does not rain. " * 4
_IF = "{% if desired_role %}<p>You look for {{ desired_role }}{% if city %} near {{ city }}{% endif %}.</p>{% endif %}"
_LOOP = "{% for good in ['a team of nine', 'a garden', 'short ways'] %}<p>{{ loop.index }}. {{ good }}</p>{% endfor %}"


def run(runs: int) -> list[Row]:
    """Row 1 of the goals, for a template with slots only and for one with conditions and loops."""
    return [
        _row("one mail, template with slots", runs, body(""), SLOTS_GOAL),
        _row("one mail, template with conditions and loops", runs, body(_IF + _LOOP), BLOCKS_GOAL),
    ]


def body(extra: str) -> str:
    """Eight sections of MJML, each with a link; `extra` goes into the first."""
    return "\n".join(
        "<mj-section><mj-column>"
        f"<mj-text>{_LINE if number < 7 else ''}{_FILLER}{extra if number == 0 else ''}</mj-text>"
        f'<mj-button href="https://jobs.warmbench.example/jobs/{number}?from=mail&n={number}">Job {number}</mj-button>'
        "</mj-column></mj-section>"
        for number in range(8)
    )


def _row(metric: str, runs: int, mjml: str, goal: float) -> Row:
    product, peer = writers(mjml)
    for person in islice(people(), COMPARED):
        assert_same(product(person), peer(person))
    measured = interleaved(runs, lambda: _slope(product, PRODUCT_MAILS), lambda: _slope(peer, PEER_MAILS))
    return Row(metric, "us CPU", measured[0], goal, measured[1])


def _slope(write: Write, amounts: tuple[int, int]) -> float:
    """Microseconds a mail, from the difference of two amounts."""
    few, many = (cpu_seconds(partial(_write_all, write, amount)) for amount in amounts)
    return (many - few) / (amounts[1] - amounts[0]) * 1_000_000


def _write_all(write: Write, amount: int) -> None:
    for person in islice(people(), amount):
        write(person)


def people() -> Iterator[Person]:
    """Made-up people, the same in every run; names of several scripts and with what HTML escapes."""
    chance = random.Random(7)  # noqa: S311
    first = ["Ada", "Jürgen", "Zoë", "李娜", "Marie-Claire", "O'Neil", "Ahmed", "नीता"]
    rest = ["Smith & Sons", "<Müller>", 'de "la" Cruz', "Kowalska", "Ngô", "van Dijk"]
    pool = [
        {
            **dict.fromkeys(OF_CANDIDATE, ""),
            "first_name": chance.choice(first),
            "last_name": chance.choice(rest),
            "city": chance.choice(["Cork", "Łódź", "São Paulo", "Test<b>town"]),
            "title": chance.choice(["Engineer", "R&D lead", "Pflegekraft"]),
            "desired_role": chance.choice(["", "Architect"]),
        }
        for _ in range(2_000)
    ]
    number = 0
    while True:
        number += 1
        yield {**pool[number % len(pool)], "email": f"person{number}@people.example", "key": f"01BENCH{number:019}"}


def writers(mjml: str) -> tuple[Write, Write]:
    """The product's and the peer's way to write one mail of the same template."""
    draft = Draft("a0C000000000001AAA", "a0D000000000001AAA", "1", "News for {{ first_name }}", mjml, _TEXT, _BRAND)
    signer = Signer("k1", {"k1": KEY}, KEY)
    made = compile_apart(source_of(BASE, draft))
    if made.findings:
        raise SystemExit("\n".join(str(finding) for finding in made.findings))
    message = assembled(draft, made, sender="jobs@mail.warmbench.example", base_url=BASE, links=signer)
    mark = reply_address.mark_of(message.campaign, message.step, message.version)
    message = replace(message, reply_to='"Kestrel" <reply+@in.warmbench.example>', reply_mark=mark)
    whole = with_hidden_link(made, BASE)
    return _product(message, signer), _peer(whole.html, whole.text, whole.links)


def signer_of_bench() -> Signer:
    """Links signed with a key that opens nothing."""
    return Signer("k1", {"k1": KEY}, KEY)


def stored_message() -> bytes:
    """The message as a sender reads it."""
    return _compiled(body(""), signer_of_bench())[0].to_json()


def _compiled(mjml: str, signer: Signer) -> tuple[Message, Compiled]:
    draft = Draft(CAMPAIGN, STEP, "1", "News for {{ first_name }}", mjml, _TEXT, _BRAND)
    made = compile_apart(source_of(BASE, draft))
    if made.findings:
        raise SystemExit("\n".join(str(finding) for finding in made.findings))
    return assembled(draft, made, sender="jobs@mail.warmbench.example", base_url=BASE, links=signer), made


_TEXT = "Hello {{ first_name }} {{ last_name }},\n\nall jobs: https://jobs.warmbench.example/jobs/1?from=mail&n=1\n"
_BRAND: Record = {
    Brand.FROM_NAME: "Kestrel & Söhne",
    Brand.FROM_ADDRESS: "jobs@mail.warmbench.example",
    Brand.POSTAL_ADDRESS: "1 Mill Lane, Cork",
}


def _product(message: Message, signer: Signer) -> Write:
    mails = Writer(message, engine.render)
    fixed = {link.CAMPAIGN: message.campaign, link.STEP: message.step, link.VERSION: message.version}

    def write(person: Person) -> bytes:
        mail = signer.sign(Purpose.MAIL, {**fixed, link.CANDIDATE: person["key"]})
        preferences = signer.sign(Purpose.PREFERENCES, {link.CANDIDATE: person["key"]})
        reply = reply_address.token(signer, message.reply_mark, person["key"])
        tokens = {MAIL_TOKEN: mail, PREFERENCES_TOKEN: preferences, REPLY_TOKEN: reply}
        return mails.write(person["email"], {**person, **tokens}, AT)

    return write


def _peer(html: list[str | dict[str, str]], text: list[str | dict[str, str]], targets: list[str]) -> Write:
    """What one would write with the usual libraries: compiled Jinja, links signed by itsdangerous, EmailMessage."""
    from itsdangerous import URLSafeSerializer
    from jinja2 import Environment

    serializer = URLSafeSerializer(KEY)
    page = Environment(autoescape=True).from_string(_as_jinja(html, targets))
    plain = Environment(autoescape=False).from_string(_as_jinja(text, targets))  # noqa: S701
    links = re.compile(r"@@(\d+)@@")

    def write(person: Person) -> bytes:
        token = serializer.dumps({"g": "a0C000000000001AAA", "s": "a0D000000000001AAA", "k": person["key"]})
        values = {**person, MAIL_TOKEN: token, PREFERENCES_TOKEN: serializer.dumps({"k": person["key"]})}

        def tracked(match: re.Match[str]) -> str:
            return f"{BASE}/c/{serializer.dumps({'t': targets[int(match[1])], 'k': person['key']})}"

        message = EmailMessage(policy=email.policy.SMTP)
        message["From"] = "Kestrel & Söhne <jobs@mail.warmbench.example>"
        message["To"] = person["email"]
        message["Subject"] = f"News for {person['first_name']}"
        message["Date"] = AT
        answer = f"{token[-60:].lower()}@in.warmbench.example"
        message["Reply-To"] = f"Kestrel <r+{answer}>"
        message["References"] = f"<{answer}>"
        message["List-Unsubscribe"] = f"<{BASE}/u/{token}>, <mailto:r+{answer}?subject=unsubscribe>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(links.sub(tracked, plain.render(values)))
        message.add_alternative(links.sub(tracked, page.render(values)), subtype="html")
        return message.as_bytes()

    return write


def _as_jinja(pieces: list[str | dict[str, str]], targets: list[str]) -> str:
    """The compiled page as the one template that the peer renders."""
    done = []
    for piece in pieces:
        if isinstance(piece, str):
            done.append(piece)
        elif "block" in piece:
            done.append(piece["block"])
        else:
            done.append(f"@@{piece['link']}@@" if "link" in piece else f"{{{{ {piece['slot']} }}}}")
    return "".join(done)


_TOKENS = re.compile(r"/(c|u|o|preferences)/[A-Za-z0-9_./-]+")


def assert_same(ours: bytes, theirs: bytes) -> None:
    """The parts a person reads are the same but for the tokens, and no line is too long."""
    mails = [email.message_from_bytes(raw, policy=email.policy.default) for raw in (ours, theirs)]
    for kind in ("plain", "html"):
        one, other = (_readable(mail, kind) for mail in mails)
        if one != other:
            raise AssertionError(f"the {kind} parts differ")
    if mails[0]["Subject"] != mails[1]["Subject"]:
        raise AssertionError("the subjects differ")
    if too_long := [line for line in ours.split(b"\r\n\r\n", 1)[1].split(b"\r\n") if len(line) > 76]:
        raise AssertionError(f"{len(too_long)} lines are longer than 76 characters")


def _readable(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    content: str = part.get_content() if part else ""
    return _TOKENS.sub(r"/\1/…", content.replace("\r\n", "\n")).rstrip("\n")
