"""Random people with everything that can hang on them, written into the embedded org by the fields of its metadata.

Every field that the integration user may write gets a value or stays empty by chance, so that a field added later is
in the property without a word about it.
"""

import random
from datetime import UTC, date, datetime, timedelta

from integration.candidates.merging.children import ACTIVITIES, CHILDREN, FILES, MOVED, REQUESTS
from integration.model import provenance
from integration.model.provenance import Source, Trust, fact
from integration.records import (
    Candidate,
    ContactPoint,
    JobRequisition,
    RecruitingCampaign,
    RecruitingEvent,
    Tag,
    TalentPool,
)
from integration.sending.suppression import Reason

DAY = datetime(2026, 1, 1, 9, 30, tzinfo=UTC)
NAMES = ("Ann", "Zoë", "Søren", "José", "Łukasz", "Nguyễn", "O’Neil", "Björk", "François", "李", "de la Cruz")
UNTOUCHED = {"Command__c", "Status__c", "Message__c", "Progress__c", "Id", "Name", "OwnerId"}
"""Words of a command are the service's; they do not hang on the person."""
HERE = {
    Candidate.API_NAME: {
        Candidate.COUNTRY: ("IE", "DE", "PT"),
        Candidate.LANGUAGE: ("en", "de", "pt"),
        Candidate.RATING: (1, 2, 3, 4, 5),
        Candidate.FIRST_NAME: NAMES,
        Candidate.LAST_NAME: NAMES,
        Candidate.CITY: ("Cork", "Köln", "Évora"),
    },
    "Application__c": {"Hired_At__c": (None,), "Stage__c": ("Applied", "Interview", "Rejected", "Offer")},
}
REQUIRED = {
    Candidate.API_NAME: (Candidate.LAST_NAME,),
    "Consent__c": ("Purpose__c", "State__c", "At__c"),
    "Job_Alert__c": ("Frequency__c",),
    "Touchpoint__c": ("Kind__c", "At__c"),
    "Application__c": ("Stage__c",),
    "Event_Attendance__c": ("State__c",),
    "Privacy_Request__c": ("Kind__c",),
}


class RandomPeople:
    """An org with pools, tags, jobs and campaigns that people have in common, and the people."""

    def __init__(self, app, org, seed):
        self.app, self.org, self.chance = app, org, random.Random(seed)
        self.catalog = org.app.catalog
        self.number = 0
        self.shared = {
            TalentPool.API_NAME: self._shared(TalentPool, {TalentPool.KIND: "Static"}, private=True),
            Tag.API_NAME: self._shared(Tag, {Tag.KIND: "Tag"}, key=Tag.KEY),
            JobRequisition.API_NAME: self._shared(JobRequisition, {JobRequisition.TITLE: "Baker"}),
            RecruitingCampaign.API_NAME: self._shared(RecruitingCampaign, {}),
            RecruitingEvent.API_NAME: self._shared(RecruitingEvent, {}, key=RecruitingEvent.SLUG),
        }
        self.seats = [row["Id"] for row in org.rows("SELECT Id FROM User WHERE IsActive = true")][:3]

    def _shared(self, record, values, key="", private=False):
        rows = [
            {
                "Name": f"{record.API_NAME} {number}",
                **values,
                **({key: f"key-{number}"} if key else {}),
                **({TalentPool.PRIVATE: number % 2 == 0} if private else {}),
            }
            for number in range(6)
        ]
        return self._made(record.API_NAME, rows)

    def _made(self, object_name, rows):
        outcomes = self.app.salesforce.create_many(object_name, rows)
        assert all(one.success for one in outcomes), next(one for one in outcomes if not one.success)
        return [one.id for one in outcomes]

    def make(self, amount):
        """The ids of new candidates, with all that hangs on them."""
        self.keys = {}
        rows = [self._candidate() for _ in range(amount)]
        ids = self._made(Candidate.API_NAME, rows)
        self.keys = dict(zip(ids, (row[Candidate.CANDIDATE_KEY] for row in rows), strict=True))
        for child in (*CHILDREN, REQUESTS, *ACTIVITIES):
            self._made(child.object, [row for one in ids for row in self._children(child, one)])
        self._files(ids)
        for one in ids:
            self._ledger(self.keys[one])
        return ids

    def _candidate(self):
        row = self._values(Candidate.API_NAME)
        row[Candidate.CANDIDATE_KEY] = f"key{self._next():06}"
        row[Candidate.OWNER] = self.chance.choice(self.seats)
        sources = [Source.of(one, DAY + timedelta(days=self.chance.randrange(60)), f"{one.word} x") for one in Trust]
        facts = {
            name: fact(self.chance.choice(sources), value)
            for name, value in row.items()
            if value not in (None, "") and self.chance.random() < 0.5
        }
        row[Candidate.FIELD_SOURCES] = provenance.write(facts) or None
        return row

    def _children(self, child, candidate):
        amount = self.chance.choice((0, 0, 1, 1, 2))
        twins = {}
        if child.twin:
            shared = self.shared[self.catalog.objects[child.object].fields[child.twin].reference_to[0]]
            twins = dict(enumerate(self.chance.sample(shared, amount)))
        primary = set()
        for number in range(amount):
            row = {**self._values(child.object), child.lookup: candidate}
            if child.twin:
                row[child.twin] = twins[number]
            if child.object == ContactPoint.API_NAME:
                value = f"p{self._next()}@a.example"
                is_first = not primary and self.chance.random() < 0.7
                primary |= {True} if is_first else set()
                row |= {ContactPoint.KIND: "Email", ContactPoint.VALUE: value, ContactPoint.KEY: f"email:{value}"}
                row[ContactPoint.PRIMARY] = is_first
            if child in ACTIVITIES:
                row = {"Subject": f"Call {self._next()}", "WhatId": candidate}
                if child.object == "Event":
                    row |= {"ActivityDateTime": DAY.isoformat(), "DurationInMinutes": 30}
            yield row

    def _values(self, object_name):
        values = {}
        for name, info in self.catalog.objects[object_name].fields.items():
            if name in UNTOUCHED or not name.endswith(("__c", "__s")) or not info.is_stored or not info.createable:
                continue
            if info.type in ("MasterDetail", "Lookup"):
                if others := [id for target in info.reference_to for id in self.shared.get(target, ())]:
                    values[name] = self.chance.choice([None, *others])
                continue
            must = name in REQUIRED.get(object_name, ()) or info.unique or info.required
            value = self._value(object_name, info)
            values[name] = value if must or self.chance.random() < 0.6 else (False if info.type == "Checkbox" else None)
        if len(point := [name for name in values if name.endswith("__s")]) == 2 and None in map(values.get, point):
            values |= dict.fromkeys(point)
        return {name: value for name, value in values.items() if value is not None}

    def _value(self, object_name, info):
        chance = self.chance
        if words := HERE.get(object_name, {}).get(info.name):
            return chance.choice(words)
        if info.type in ("Picklist", "MultiselectPicklist"):
            return chance.choice(info.picklist).name
        if info.type == "Checkbox":
            return chance.random() < 0.4
        if info.type in ("Number", "Percent", "Currency", "Integer"):
            return chance.randrange(1, 6)
        if info.type == "Date":
            return (date(2026, 1, 1) + timedelta(days=chance.randrange(400))).isoformat()
        if info.type == "DateTime":
            return (DAY + timedelta(hours=chance.randrange(9_000))).isoformat()
        if info.type == "Email":
            return f"p{self._next()}@a.example"
        if info.type == "Url":
            return f"https://a.example/{self._next()}"
        text = f"{chance.choice(NAMES)} {self._next() if info.unique else chance.randrange(50)}"
        return text[: info.length] if info.length else text

    def _files(self, ids):
        """A few people have a file, some of them one that hangs on their neighbour too."""
        for place, one in enumerate(ids):
            if self.chance.random() > 0.06:
                continue
            version = self.app.salesforce.attach_file(one, f"cv {self._next()}.txt", b"x")
            if self.chance.random() < 0.5:
                row = self.app.salesforce.get("ContentVersion", version, ["ContentDocumentId"])
                other = ids[place - 1]
                self._made(FILES.object, [{**row, "LinkedEntityId": other, "ShareType": "V"}])

    def _ledger(self, key):
        """Sends of the person, and what they said about mail."""
        for number in range(self.chance.randrange(3)):
            self.app.sends.put({"pk": f"c#s#{number}", "sk": key, "state": "accepted", "message": f"m{number}{key}"})
        if self.chance.random() < 0.25:
            reason = self.chance.choice(list(Reason)).value
            item = {"pk": f"person#{key}", "sk": "suppression", "reason": reason, "at": DAY.isoformat()}
            self.app.people.put({**item, "until": "2027-01-01"} if reason == Reason.PAUSED else item)

    def _next(self):
        self.number += 1
        return self.number


STAMPS = {"Id", "CreatedById", "CreatedDate", "LastModifiedById", "LastModifiedDate", "SystemModstamp"}
STAMPS |= {"LastActivityDate", "LastViewedDate", "LastReferencedDate"}


def rows_of(org, names=(Candidate.API_NAME, *(kind.object for kind in MOVED), FILES.object)):
    """Every stored field of every row by object; ids of candidates are told as their keys, system stamps left out."""
    with org.app.store.reading() as connection:
        keys = dict(connection.execute("SELECT Id, Candidate_Key__c FROM Candidate__c").fetchall())
        return {name: _rows(org, connection, name, keys) for name in names}


def _rows(org, connection, name, keys):
    info = org.app.catalog.objects[name]
    left_out = STAMPS | {each.name for each in info.numbered}
    wanted = [each.name for each in info.stored if each.name not in left_out]
    columns = ", ".join(f'"{each}"' for each in wanted)
    found = []
    for row in connection.execute(f'SELECT {columns} FROM "{name}" WHERE IsDeleted = 0'):
        values = [_told(value, keys) for value in row]
        found.append(dict(zip(wanted, values, strict=True)))
    return found


def _told(value, keys):
    if isinstance(value, str) and (value in keys or "|" in value):
        return "|".join(keys.get(part, part) for part in value.split("|"))
    return value
