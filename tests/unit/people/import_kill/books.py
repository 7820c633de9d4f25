"""What an import is judged by: the file, who was there before, and everything that stands in the org, told by keys.

Ids, candidate keys and times differ from org to org; people are told apart by their last name, which nobody shares.
"""

import csv
import io
from collections import Counter

from integration.prospecting.imports import chunk, splitting
from integration.records import (
    Candidate,
    CandidateImport,
    CandidateTag,
    Consent,
    ContactPoint,
    PoolMembership,
    TalentPool,
    parent,
)
from integration.sending import why_not
from integration.soql import select
from tests.unit.people.importing import counts, field, load, new_pool, rejects

HEADER = "First name,Last name,E-mail,Phone,Title,Skills,Tags,City,Opted out\n"
PER_CHUNK, PER_SLICE = 60, 25


def small_parts():
    """Chunks and slices of a few rows, so that a small file has many ends and beginnings to die between."""
    splitting.CHUNK_ROWS, chunk.SLICE_ROWS = PER_CHUNK, PER_SLICE


def known():
    """Who is in the org before: some with less, some with another title, some in the pool already."""
    return HEADER + "".join(
        f"P{n},N{n},p{n}@a.example,,{'Baker' if n % 2 else ''},{'Rust' if n % 3 else ''},,,\n" for n in range(0, 60, 4)
    )


def file():
    """New people, known people, people who stand twice, and rows that are refused."""
    rows = [
        f"P{n},N{n},p{n}@a.example,+35386{n:07},Tester,Rust; Python,Fair,Dublin,{'yes' if n % 17 == 0 else ''}\n"
        for n in range(130)
    ]
    rows += [f"P{n},N{n},p{n}@a.example; q{n}@a.example,,,Go,Twice,Cork,\n" for n in range(0, 130, 13)]
    rows += [f"P{n},N{n},bad@@a.example,,,,,,\n" for n in range(900, 907)]
    rows.insert(50, "Ann,N950,,12,,,,,\n")
    return HEADER + "".join(rows)


def seed(app):
    """The org before the import; the pool that people go to."""
    pool = new_pool(app)
    load(app, known())
    load(app, HEADER + "P8,N8,p8@a.example,,,,,,\n", Pool__c=pool)
    return pool


FIELDS = (
    Candidate.FIRST_NAME,
    Candidate.LAST_NAME,
    Candidate.EMAIL,
    Candidate.PHONE,
    Candidate.TITLE,
    Candidate.CITY,
    Candidate.DO_NOT_CONTACT,
    Candidate.LAWFUL_BASIS,
    Candidate.LIFECYCLE,
)


def standing(app):
    """Everything that an import writes, each row spelled by keys, with how often it is there."""
    last_name, email_key = Candidate.LAST_NAME, f"Tag__r.{CandidateTag.KEY}"
    people = app.salesforce.query(select(Candidate.API_NAME, [*FIELDS, Candidate.CANDIDATE_KEY]))
    found = Counter(
        "person " + " | ".join(str(one[name]) for name in FIELDS) + f" | mail: {_mail(app, one)}" for one in people
    )
    for kind, object_name, fields in (
        ("address", ContactPoint.API_NAME, [ContactPoint.KEY, ContactPoint.STATUS, ContactPoint.PRIMARY]),
        ("tag", CandidateTag.API_NAME, [email_key]),
        ("member", PoolMembership.API_NAME, [PoolMembership.STATE, PoolMembership.ADDED_BY]),
        ("consent", Consent.API_NAME, [Consent.PURPOSE, Consent.STATE]),
    ):
        fields = [parent("Candidate__c", last_name), *fields]
        rows = app.salesforce.query(select(object_name, fields))
        found.update(f"{kind} " + " | ".join(str(row[name]) for name in fields) for row in rows)
    found.update(
        f"pool {row[TalentPool.MEMBER_COUNT]}"
        for row in app.salesforce.query(select(TalentPool.API_NAME, [TalentPool.MEMBER_COUNT]))
    )
    return dict(found)


def _mail(app, candidate):
    reason = why_not(app, candidate[Candidate.CANDIDATE_KEY], candidate[Candidate.EMAIL])
    return reason.value if reason else "may go"


def told(app, import_id):
    """What the record and the file of rejected rows say."""
    back = csv.DictReader(io.StringIO(rejects(app, import_id)))
    return {
        "counts": list(counts(app, import_id)),
        "status": field(app, import_id, CandidateImport.STATUS),
        "rejects": [[row["Line"], row["Column"], row["Code"], row["Last name"]] for row in back],
    }
