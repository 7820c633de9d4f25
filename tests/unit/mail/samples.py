"""The example mails that we deliver, and the two people who show most: one with all there is, one with nothing."""

from dataclasses import replace
from functools import lru_cache

from integration.messages import engine
from integration.messages.compiling import TEMPLATES, compiled
from integration.messages.making import assembled, calendar_of, source_of
from integration.messages.slots import OF_CANDIDATE
from integration.model.link import Signer
from integration.model.message import MAIL_TOKEN, PREFERENCES_TOKEN, REPLY_TOKEN, Writer
from tests.clock import FrozenClock
from tests.unit.mail.letters import BRAND, draft

NAMES = sorted(path.name.partition(".")[0] for path in (TEMPLATES / "samples").glob("*.mjml.j2"))
BASE = "https://jobs.warmbench.example"
CONSTANTS = {"job_title": "Test <Engineer> & more", "job_url": f"{BASE}/jobs/r1"}
JOBS = [
    {"title": "Test engineer", "place": "Cork", "url": f"{BASE}/jobs/r1"},
    {"title": "Supervisory interdisciplinary engineer <R&D>", "place": "From home", "url": f"{BASE}/jobs/r2"},
    {"title": "Night nurse", "place": "Galway · Limerick · Tralee · Sligo", "url": f"{BASE}/jobs/r3"},
]
SIGNER = Signer("k1", {"k1": b"a key of these tests"}, b"a key of these tests")
LONGEST = {
    **dict.fromkeys(OF_CANDIDATE, "Ä<&>'\" Donaudampfschifffahrtsgesellschaftskapitän " * 6),
    "first_name": "Wolfeschlegelsteinhausenbergerdorff Nguyễn",
    "last_name": "Bjørnsdóttir-O'Keeffe de la Vallée-Poussin",
}
EMPTIEST = dict.fromkeys(OF_CANDIDATE, "")
PEOPLE = {"longest": LONGEST, "emptiest": EMPTIEST}


def sources(name):
    parts = {"subject": "subject", "body": "mjml", "text": "txt"}
    return {part: (TEMPLATES / "samples" / f"{name}.{suffix}.j2").read_text().strip() for part, suffix in parts.items()}


def sample(name, **brand):
    """The compiled message, made in this process."""
    return _sample(name, tuple(sorted(brand.items())))


@lru_cache
def _sample(name, brand):
    wanted = draft(**sources(name), constants=CONSTANTS, brand={**BRAND, **dict(brand)}, jobs=JOBS)
    made = compiled(source_of(BASE, wanted))
    assert not made.findings, [str(finding) for finding in made.findings]
    sender = "jobs@mail.warmbench.example"
    message = assembled(wanted, made, sender=sender, base_url=BASE, links=SIGNER)
    return replace(message, calendar=calendar_of(wanted, made, sender, FrozenClock().at))


def written(message, person):
    """The mail to one of PEOPLE as it goes to the provider."""
    token = "v1.k1." + "Ab9_-" * 40
    values = {**PEOPLE[person], MAIL_TOKEN: token, PREFERENCES_TOKEN: token, REPLY_TOKEN: "r" * 40}
    return Writer(message, engine.render).write("somebody@people.example", values, FrozenClock().at)
