"""Damaged queries: refused plainly or understood whole, never a fault of the org's own."""

import random
import re

import pytest

from integration.local.fidelity.soql.accepted import collected, is_whole
from integration.local.fidelity.soql.mutations import MUTATIONS
from integration.local.fidelity.soql.rules import is_accepted

EACH = 1120
"""Queries for each of the nine kinds of damage: more than ten thousand."""
ASKED = [
    "SELECT Id, Name FROM Candidate__c",
    """SELECT Id, Owner.Name, CreatedBy.Profile.Name FROM Candidate__c WHERE Name LIKE 'A%' AND (City__c = 'Cork'
       OR Country__c IN ('IE', 'GB')) ORDER BY Name DESC NULLS LAST, Id LIMIT 20 OFFSET 40""",
    "SELECT COUNT() FROM Candidate__c WHERE CreatedDate = LAST_N_DAYS:30",
    """SELECT City__c, COUNT(Id) n FROM Candidate__c GROUP BY City__c HAVING COUNT(Id) > 1 ORDER BY COUNT(Id) DESC
       LIMIT 5""",
    "SELECT City__c, GROUPING(City__c) g, COUNT(Id) n FROM Candidate__c GROUP BY ROLLUP(Country__c, City__c)",
    "SELECT Lifecycle__c, COUNT(Id) FROM Candidate__c GROUP BY CUBE(Lifecycle__c) ORDER BY Lifecycle__c",
    """SELECT CALENDAR_YEAR(convertTimezone(CreatedDate)) y, COUNT(Id) n FROM Candidate__c
       GROUP BY CALENDAR_YEAR(convertTimezone(CreatedDate))""",
    "SELECT MIN(CreatedDate), MAX(Name), COUNT_DISTINCT(City__c) FROM Candidate__c WHERE IsDeleted = false",
    """SELECT Id, DISTANCE(Geo__c, GEOLOCATION(51.9, -8.5), 'km') away FROM Candidate__c
       WHERE DISTANCE(Geo__c, GEOLOCATION(51.9, -8.5), 'km') < 50
       ORDER BY DISTANCE(Geo__c, GEOLOCATION(51.9, -8.5), 'km')""",
    "SELECT Id, Geo__c, (SELECT Id, Name FROM Pool_Memberships__r ORDER BY CreatedDate LIMIT 3) FROM Candidate__c",
    """SELECT Id FROM Candidate__c WHERE Id IN (SELECT Candidate__c FROM Pool_Membership__c
       WHERE CreatedDate > 2026-01-01T00:00:00Z) AND Name != null""",
    "SELECT Id FROM Pool_Membership__c m, m.Candidate__r c WHERE c.Name = 'Ada'",
    "SELECT Id, TYPEOF What WHEN Candidate__c THEN City__c WHEN Talent_Pool__c THEN Name ELSE Type END FROM Task",
    "SELECT Subject, What.Type FROM Task WHERE What.Name LIKE '%a%' AND ActivityDate >= NEXT_N_WEEKS:2",
    "SELECT FIELDS(ALL) FROM Talent_Pool__c LIMIT 200",
    "SELECT FORMAT(CreatedDate) d, toLabel(Lifecycle__c) FROM Candidate__c USING SCOPE mine WITH USER_MODE FOR VIEW",
    "SELECT Id FROM User WHERE IsActive = true AND Username LIKE '%@%' AND Id = '005000000000001'",
    r"SELECT Id FROM Candidate__c WHERE NOT (Name = 'it\'s \u00e9 \n' OR toLabel(Lifecycle__c) = 'Lead') ALL ROWS",
]
NAMES = (
    "Id", "Name", "City__c", "Geo__c", "Resume_Text__c", "CreatedDate", "Do_Not_Contact__c", "Rating__c", "OwnerId",
    "Owner.Name", "What.Name", "Candidate__r.Owner.Name", "Candidate__c", "Task", "User", "Nope__c", "c.Name",
    "Lifecycle__c", "Paused_Until__c", "IsDeleted", "Pool_Memberships__r", "Geo__Latitude__s", "99999999999999999999",
)  # fmt: skip
_NAME = re.compile(r"\b[A-Za-z]\w*(?:\.\w+)*\b")


def damaged(name, count, sources):
    """The same queries each time: one or two mutations, now and then a name for another."""
    chosen = random.Random(f"soql {name}")
    for number in range(count):
        text = MUTATIONS[name](sources[number % len(sources)], chosen)
        if chosen.random() < 0.4:
            places = list(_NAME.finditer(text))
            if places:
                place = chosen.choice(places)
                text = text[: place.start()] + chosen.choice(NAMES) + text[place.end() :]
        if chosen.random() < 0.2:
            text = MUTATIONS[chosen.choice(sorted(MUTATIONS))](text, chosen)
        yield text


@pytest.fixture
def filled(org):
    """Some records, so that there is something to find."""
    client = org.client("admin")
    ids = [
        client.Candidate__c.create(
            {
                "Name": f"Ada {number}",
                "First_Name__c": "Ada",
                "Last_Name__c": f"No {number}",
                "City__c": "Cork",
                "Geo__Latitude__s": 51.9,
                "Geo__Longitude__s": -8.5 + number,
            }
        )["id"]
        for number in range(3)
    ]
    client.Task.create({"Subject": "Call", "WhatId": ids[0]})
    return org


def asked(org, text):
    return org.session.get(
        f"{org.url}/services/data/v62.0/query",
        params={"q": text},
        headers={"Authorization": f"Bearer {org.token_of('admin')}"},
    )


def test_undamaged_queries_are_answered(filled):
    for text in ASKED:
        answer = asked(filled, text)
        assert answer.status_code == 200, (text, answer.text)


@pytest.mark.slow
@pytest.mark.parametrize("name", MUTATIONS)
def test_damaged_query_is_answered_or_refused_plainly(filled, name):
    for text in damaged(name, EACH, ASKED):
        answer = asked(filled, text)
        assert answer.status_code in (200, 400, 501), (text, answer.text)
        body = answer.json()
        if answer.status_code == 200:
            assert body["done"] in (True, False)
            assert is_whole(text), text
        else:
            assert [sorted(each) for each in body] == [["errorCode", "message"]], text
            assert body[0]["errorCode"] != "UNKNOWN_EXCEPTION"


@pytest.mark.slow
@pytest.mark.parametrize("name", MUTATIONS)
def test_damaged_statement_is_refused_or_understood_whole(name):
    sources = [*collected("valid"), *collected("invalid")]
    lossy = [text for text in damaged(name, EACH, sources) if is_accepted(text) and not is_whole(text)]
    assert lossy == []
