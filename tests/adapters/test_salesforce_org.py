"""The client against the embedded org, in process."""

from datetime import UTC, datetime, timedelta

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from requests.adapters import BaseAdapter

from integration import soql
from integration.adapters.salesforce import connect
from integration.errors import Gone, Rejected
from integration.records import Candidate, PoolMembership, TalentPool, parent
from tests.org_fixture import CLIENT_ID, CLIENT_SECRET


@pytest.fixture
def client(org):
    secret = {"login_url": org.url, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    return connect(secret, session=org.session, sleep=lambda _: None)


def people(count, **more):
    return [{"Candidate_Key__c": f"K{number:05}", "Last_Name__c": f"Name {number}", **more} for number in range(count)]


def upsert(client, rows):
    return client.upsert_many(Candidate.API_NAME, Candidate.CANDIDATE_KEY, rows)


def test_record_is_created_read_changed_and_deleted(client):
    made = client.create(Candidate.API_NAME, {"Last_Name__c": "Lovelace", "City__c": "London"})
    client.update(Candidate.API_NAME, made, {"City__c": None})
    assert client.get(Candidate.API_NAME, made, ["Last_Name__c", "City__c", "Owner.Name"]) == {
        "Last_Name__c": "Lovelace",
        "City__c": None,
        "Owner.Name": "Warmbench Integration",
    }
    assert client.delete_many(Candidate.API_NAME, [made])[0].success
    assert client.delete_many(Candidate.API_NAME, [made])[0].success
    with pytest.raises(Gone):
        client.get(Candidate.API_NAME, made, ["Id"])
    with pytest.raises(Gone):
        client.update(Candidate.API_NAME, made, {"City__c": "Cork"})


def test_create_then_upsert_150_rows(client):
    created = client.create_many(Candidate.API_NAME, people(150))
    assert all(outcome.success and outcome.created for outcome in created)
    again = upsert(client, people(151, City__c="Cork"))
    assert [outcome.created for outcome in again] == [False] * 150 + [True]
    assert [outcome.id for outcome in again[:150]] == [outcome.id for outcome in created]
    changed = client.update_many(Candidate.API_NAME, [{"Id": outcome.id, "City__c": "Ulm"} for outcome in created])
    assert all(outcome.success for outcome in changed)
    assert client.count(soql.count(Candidate.API_NAME, soql.equals("City__c", "Ulm"))) == 150


def test_bad_rows_are_named_and_the_others_saved(client):
    rows = people(3)
    rows[1]["Email__c"] = "not an address"
    rows[2]["Lifecycle__c"] = "Martian"
    good, address, picklist = upsert(client, rows)
    assert good.success
    assert (address.code, address.fields) == ("INVALID_EMAIL_ADDRESS", ("Email__c",))
    assert address.message == "Email is not an e-mail address. Correct it."
    assert (picklist.code, picklist.fields) == ("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", ("Lifecycle__c",))


def test_refused_record_says_which_field_and_value(client):
    with pytest.raises(Rejected) as caught:
        client.create(Candidate.API_NAME, {"Last_Name__c": "X", "Email__c": "nobody@"})
    assert (caught.value.field, caught.value.value) == ("Email__c", "nobody@")


def test_2500_rows_by_bulk_and_back(client):
    rows = people(2_500)
    rows[7]["Last_Name__c"] = 'Zoë "the \n quick", O\'Neill \U0001f600'
    rows[9]["Email__c"] = "not an address"
    outcomes = upsert(client, rows)
    assert [place for place, outcome in enumerate(outcomes) if not outcome.success] == [9]
    assert (outcomes[9].code, outcomes[9].fields) == ("INVALID_EMAIL_ADDRESS", ("Email__c",))
    query = soql.select(Candidate.API_NAME, ["Id", "Candidate_Key__c", "Last_Name__c"], order_by=["Candidate_Key__c"])
    found = client.query(query)
    assert [row["Id"] for row in found] == [outcome.id for outcome in outcomes if outcome.success]
    assert found[7]["Last_Name__c"] == rows[7]["Last_Name__c"]
    assert sorted(row["Id"] for row in client.bulk_rows(query)) == sorted(row["Id"] for row in found)


def test_bulk_empties_what_is_none_and_leaves_what_is_absent(client):
    upsert(client, people(2_001, City__c="Cork", Country__c="IE"))
    upsert(client, [*people(2_000, City__c=None), {"Candidate_Key__c": "K02000"}])
    assert client.count(soql.count(Candidate.API_NAME, soql.equals("City__c", None))) == 2_000
    assert client.count(soql.count(Candidate.API_NAME, soql.equals("Country__c", "IE"))) == 2_001


@pytest.mark.parametrize("count", [3, 2_001])
def test_parent_is_found_by_its_external_id(client, count):
    upsert(client, people(count))
    pool = client.create(TalentPool.API_NAME, {"Name": "Nurses", "Kind__c": "Static"})
    rows = [
        {
            PoolMembership.KEY: f"{pool}|{number}",
            PoolMembership.POOL: pool,
            "Candidate__r.Candidate_Key__c": f"K{number:05}" if number else "nobody",
        }
        for number in range(count)
    ]
    outcomes = client.upsert_many(PoolMembership.API_NAME, PoolMembership.KEY, rows)
    assert [place for place, outcome in enumerate(outcomes) if not outcome.success] == [0]
    assert "names a record that is not there" in outcomes[0].message
    name = parent(PoolMembership.CANDIDATE, "Last_Name__c")
    query = soql.select(PoolMembership.API_NAME, [name], where=soql.equals("Id", outcomes[1].id))
    assert client.query(query) == [{name: "Name 1"}]


def test_queries_go_together(client):
    upsert(client, people(2))
    first, second = client.together(
        [
            soql.select(Candidate.API_NAME, ["Last_Name__c"], order_by=["Last_Name__c"]),
            soql.select(TalentPool.API_NAME, ["Id"]),
        ]
    )
    assert [row["Last_Name__c"] for row in first] == ["Name 0", "Name 1"]
    assert second == []


def test_file_is_attached_and_read_back(client):
    candidate = client.create(Candidate.API_NAME, {"Last_Name__c": "Lovelace"})
    assert client.attached_file(candidate) is None
    client.attach_file(candidate, "first.txt", b"1")
    data = bytes(range(256)) * 4_000
    version = client.attach_file(candidate, "Lebenslauf Zoë.pdf", data)
    assert client.attached_file(candidate) == (version, "Lebenslauf Zoë.pdf")
    assert b"".join(client.read_file(version)) == data


def test_file_that_is_not_there_is_gone(client):
    with pytest.raises(Gone):
        client.read_file("068000000000001AAA")


def test_session_that_ends_in_the_middle_is_renewed(client, org):
    rows = people(3)
    upsert(client, rows)
    for _ in range(3):
        with org.app.store.writing() as connection:
            connection.execute("DELETE FROM _tokens")
        assert client.count(soql.count(Candidate.API_NAME)) == 3
    assert upsert(client, rows)[0].success


class Forgetful(BaseAdapter):
    """Passes requests on; before every fifth one the org forgets all sessions."""

    def __init__(self, org):
        super().__init__()
        self._org = org
        self.logins = self._sent = 0

    def send(self, request, **options):
        self._sent += 1
        self.logins += "/oauth2/token" in request.url
        if self._sent % 5 == 0:
            with self._org.app.store.writing() as connection:
                connection.execute("DELETE FROM _tokens")
        return self._org.session.get_adapter(request.url).send(request, **options)

    def close(self):
        pass


def test_sessions_that_end_all_the_time_lose_nothing(org):
    forgetful = Forgetful(org)
    session = requests.Session()
    session.mount(org.url, forgetful)
    secret = {"login_url": org.url, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    client = connect(secret, session=session, sleep=lambda _: None)
    assert client.user_id()
    for _ in range(20):
        assert all(outcome.success for outcome in upsert(client, people(250)))
    assert all(outcome.success for outcome in upsert(client, people(2_500)))
    assert len(list(client.bulk_rows("SELECT Id FROM Candidate__c"))) == client.count(soql.count(Candidate.API_NAME))
    assert client.count(soql.count(Candidate.API_NAME)) == 2_500
    assert forgetful.logins > 10


def test_own_pair_made_twice_is_one_record(client):
    candidate = client.create(Candidate.API_NAME, {"Last_Name__c": "Lovelace"})
    pool = client.create(TalentPool.API_NAME, {"Name": "Nurses", "Kind__c": "Static"})
    pair = {PoolMembership.POOL: pool, PoolMembership.CANDIDATE: candidate}
    first = client.create(PoolMembership.API_NAME, pair)
    assert client.create(PoolMembership.API_NAME, pair) == first
    (again,) = client.create_many(PoolMembership.API_NAME, [pair])
    assert (again.success, again.created, again.id) == (True, False, first)


def test_usage_is_known_after_a_call(client):
    client.count(soql.count(Candidate.API_NAME))
    used, allowed = client.api_usage
    assert 0 < used < allowed


def test_app_is_connected_to_the_org(app, org):
    made = app.salesforce.create(Candidate.API_NAME, {"Last_Name__c": "Lovelace"})
    assert org.rows("SELECT Id FROM Candidate__c") == [{"Id": made}]
    assert org.app.id == app.config.org_id


def test_query_longer_than_an_address_is_answered(client):
    made = [outcome.id for outcome in upsert(client, people(900))]
    query = soql.select(Candidate.API_NAME, ["Id"], where=soql.is_in("Id", made))
    assert len(query) > 16_000
    assert sorted(row["Id"] for row in client.query(query)) == made


def test_private_key_signs_in_as_its_user(org):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "warmbench")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, today, today + timedelta(days=1))
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )
    org.app.register_client("by-key", certificate=certificate.decode())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    secret = {
        "login_url": org.url,
        "client_id": "by-key",
        "username": "recruiter@warmbench.local",
        "private_key": private.decode(),
    }
    client = connect(secret, session=org.session)
    made = client.create(TalentPool.API_NAME, {"Name": "Nurses", "Kind__c": "Static"})
    assert client.get(TalentPool.API_NAME, made, ["CreatedBy.Username"]) == {
        "CreatedBy.Username": "recruiter@warmbench.local"
    }
