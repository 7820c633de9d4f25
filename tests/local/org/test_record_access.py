"""UserRecordAccess: what somebody may do with records, as sharing and rights have it."""

import pytest

from integration.local.org.app import OrgApp
from integration.local.org.inprocess import session_for
from tests.local.org.conftest import URL, Small
from tests.local.org.rights import shared_schema

FIELDS = "RecordId, HasReadAccess, HasEditAccess, HasDeleteAccess, HasTransferAccess"


@pytest.fixture
def shared():
    app = OrgApp(shared_schema((), Pool__c="Private"), url=URL)
    with session_for(app, URL) as session:
        small = Small(app, session)
        small.mine = small.client("recruiter").Pool__c.create({"Name": "Mine", "Key__c": "mine"})["id"]
        yield small
    app.close()


def access(small, user, *ids):
    quoted = ",".join(f"'{each}'" for each in ids)
    soql = f"SELECT {FIELDS} FROM UserRecordAccess WHERE (UserId = '{user}') AND (RecordId IN ({quoted}))"
    return [tuple(row[name.strip()] for name in FIELDS.split(",")[1:]) for row in small.sf.query(soql)["records"]]


@pytest.mark.parametrize(
    ("kind", "expected"), [("recruiter", (True,) * 4), ("manager", (False,) * 4), ("admin", (True,) * 4)]
)
def test_private_record_is_open_to_its_owner_and_the_admin(shared, kind, expected):
    assert access(shared, shared.app.user(kind).id, shared.mine) == [expected]


def test_record_that_is_not_there_is_open_to_nobody(shared):
    gone = shared.mine[:15] + "AAA"
    user = shared.app.user("recruiter").id
    assert access(shared, user, gone, shared.mine) == [(False,) * 4, (True,) * 4]
    shared.sf.Pool__c.delete(shared.mine)
    assert access(shared, user, shared.mine) == [(False,) * 4]


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "WHERE RecordId = '{mine}'",
        "WHERE UserId = '{user}' AND RecordId IN ()",
        "WHERE UserId = '{user}' AND RecordId = '{mine}' AND HasReadAccess = true",
        "WHERE UserId = '{user}' AND RecordId IN (SELECT Id FROM Pool__c)",
    ],
)
def test_any_other_form_is_refused(shared, rest):
    where = rest.format(user=shared.app.user("recruiter").id, mine=shared.mine)
    with pytest.raises(Exception, match="UserRecordAccess"):
        shared.sf.query(f"SELECT RecordId FROM UserRecordAccess {where}")


def test_unknown_field_is_refused_by_name(shared):
    user = shared.app.user("recruiter").id
    with pytest.raises(Exception, match="MaxAccessLevel"):
        shared.sf.query(
            f"SELECT MaxAccessLevel FROM UserRecordAccess WHERE UserId = '{user}' AND RecordId = '{shared.mine}'"
        )
