"""Properties of merges over random pairs: nothing is lost, nothing meets itself, and taking back restores both."""

import copy
import random
from datetime import UTC, datetime, timedelta

import pytest

from integration.candidates.merging import plan
from integration.candidates.merging.children import ACTIVITIES, CHILDREN, FIRST_TOUCH, PERSON
from integration.candidates.merging.images import Image
from integration.model import provenance
from integration.model.merge import Ranked, Rule
from integration.model.provenance import Source, Trust, fact
from integration.records import Candidate, ContactPoint

KINDS = (*CHILDREN, *ACTIVITIES)
PAIRS = 5_000
DAY = datetime(2026, 1, 1, tzinfo=UTC)


def value(chance, name, rule):
    if chance.random() < 0.3:
        return False if rule is Rule.EITHER else None
    if rule is Rule.EITHER:
        return chance.random() < 0.5
    if isinstance(rule, Ranked):
        return str(chance.choice(rule.words))
    if name.endswith(("_At__c", "_On__c", "_Until__c")):
        return (DAY + timedelta(days=chance.randrange(90))).isoformat()
    if name == Candidate.RATING:
        return float(chance.randrange(1, 6))
    return f"{name} {chance.randrange(3)}"


def person(chance, letter):
    row = {name: value(chance, name, rule) for name, rule in PERSON.items()}
    row |= {name: value(chance, name, Rule.LATEST) for name in FIRST_TOUCH}
    row |= {
        "Id": letter,
        Candidate.CANDIDATE_KEY: f"key-{letter}",
        Candidate.OWNER: "005",
        Candidate.CREATED_AT: "2026",
    }
    sources = [Source.of(trust, DAY + timedelta(days=chance.randrange(60)), f"{trust.word} x") for trust in Trust]
    facts = {
        name: fact(chance.choice(sources), row[name] if chance.random() < 0.8 else "changed by hand since")
        for name in PERSON
        if row[name] not in (None, "") and chance.random() < 0.7
    }
    return {**row, Candidate.FIELD_SOURCES: provenance.write(facts) or None}


def children(chance, child, letter):
    twins = chance.sample(range(4), chance.randrange(4))
    rows = {}
    for number in twins:
        row = {name: value(chance, name, child.rules.get(name, Rule.OWN)) for name in child.fields}
        row |= {"Id": f"{child.object}-{letter}{number}", child.lookup: letter}
        if child.twin:
            row[child.twin] = f"twin {number}"
        if child.object == ContactPoint.API_NAME:
            kind = chance.choice(["Email", "Phone", "Profile"])
            taken = any(each[ContactPoint.KIND] == kind and each[ContactPoint.PRIMARY] for each in rows.values())
            row |= {ContactPoint.KIND: kind, ContactPoint.PRIMARY: not taken and chance.random() < 0.7}
        rows[row["Id"]] = row
    return rows


def random_image(chance):
    people = {letter: person(chance, letter) for letter in "AB"}
    rows = {kind.object: children(chance, kind, "A") | children(chance, kind, "B") for kind in KINDS}
    return Image("pair", "A", "B", people, rows)


class Store:
    """Rows in memory that keep the org's one law that matters here: one row for each candidate and twin."""

    def __init__(self, image):
        self.people = copy.deepcopy(image.people)
        self.rows = copy.deepcopy(image.rows)
        self.made = 0

    def carry_out(self, wanted):
        for child in KINDS:
            rows = self.rows[child.object]
            for row_id in wanted.removals.get(child.object, ()):
                rows.pop(row_id, None)
            for row in wanted.updates.get(child.object, ()):
                if "Id" in row:
                    rows[row["Id"]] |= row
                else:
                    self.made += 1
                    rows[f"new-{self.made}"] = {"Id": f"new-{self.made}", **row}
            twins = [(row[child.lookup], row[child.twin]) for row in rows.values() if child.twin]
            assert len(twins) == len(set(twins)), child.object

    def world(self):
        rows = {name: sorted((_without_id(row) for row in rows.values()), key=str) for name, rows in self.rows.items()}
        return copy.deepcopy((self.people, rows))


def _without_id(row):
    return {name: value for name, value in sorted(row.items()) if name != "Id"}


def merged(image, store, times=1):
    wanted = plan.of(image)
    for _ in range(times):
        store.carry_out(wanted)
        store.people["A"] |= wanted.person
    store.people.pop("B")
    return wanted


def taken_back(image, store, wanted):
    store.people["A"] |= plan.person_back(image, wanted, store.people["A"])
    store.people["B"] = copy.deepcopy(image.people["B"])
    store.carry_out(plan.back(image, wanted, store.rows, "B"))


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.slow) for part in range(1, 5))])
def test_unmerge_restores_both_people_over_5000_random_pairs(part):
    chance = random.Random(part)
    for _ in range(PAIRS // 5):
        image = random_image(chance)
        store = Store(image)
        before = store.world()
        wanted = merged(image, store, times=2)
        for child in KINDS:
            assert all(row[child.lookup] == "A" for row in store.rows[child.object].values())
            twins = {row[child.twin] for row in image.rows[child.object].values() if child.twin}
            assert twins == {row[child.twin] for row in store.rows[child.object].values() if child.twin}
        assert_stricter(image, store)
        assert_trusted(image, wanted)
        taken_back(image, store, wanted)
        assert store.world() == before


def assert_stricter(image, store):
    one, other = image.people.values()
    for name in (Candidate.DO_NOT_CONTACT, Candidate.DO_NOT_REHIRE):
        assert store.people["A"][name] is bool(one[name] or other[name])
    assert (store.people["A"][Candidate.PAUSED_UNTIL] or "") == max(
        one[Candidate.PAUSED_UNTIL] or "", other[Candidate.PAUSED_UNTIL] or ""
    )
    primary = [
        row[ContactPoint.KIND] for row in store.rows[ContactPoint.API_NAME].values() if row[ContactPoint.PRIMARY]
    ]
    assert len(primary) == len(set(primary))


def assert_trusted(image, wanted):
    own, other = plan.side_of(image, "A"), plan.side_of(image, "B")
    for name, rule in PERSON.items():
        if rule is not Rule.TRUSTED or own.values[name] in (None, "") or other.values[name] in (None, ""):
            continue
        sides = {False: own, True: other}
        trusts = {side: provenance.source_of(one.facts, name, one.values[name]).trust for side, one in sides.items()}
        if own.values[name] != other.values[name]:
            assert trusts[wanted.choices[name].is_other] == max(trusts.values()), name


def test_an_undo_leaves_alone_what_was_changed_since():
    chance = random.Random(7)
    image = random_image(chance)
    image.people["A"][Candidate.TITLE], image.people["B"][Candidate.TITLE] = None, "Tester"
    store = Store(image)
    wanted = merged(image, store)
    store.people["A"][Candidate.TITLE] = "Head tester"
    taken_back(image, store, wanted)
    assert store.people["A"][Candidate.TITLE] == "Head tester"
