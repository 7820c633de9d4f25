"""Erasure in the embedded org: complete, certified, and nobody comes back."""

import base64
import json
from datetime import UTC, datetime

import pytest

from integration.adapters import aws
from integration.candidates import Origin, Person, State, find_or_create
from integration.candidates.merging import merge
from integration.errors import Rejected
from integration.model.identity import Name, email, phone, profile
from integration.model.link import Signer
from integration.privacy.erasing import erase
from integration.records import Candidate, Consent, ContactPoint, DuplicatePair, PoolMembership, PrivacyRequest
from integration.sending.suppression import Reason, why_not
from integration.soql import select
from tests.app_fixture import LINK_KEYS
from tests.unit.people import merging as given
from tests.unit.people.killing import killed_at

ORIGIN = Origin(datetime(2026, 3, 2, 9, 0, tzinfo=UTC), collected_from="Import Fair: talents.csv")
CANARY = "zephyrine"


def person(cause, *addresses, first="Zephyrine", last="Quill", **facts):
    return Person(cause, Name(first, last), addresses, facts)


def everything(app):
    addresses = email(f"{CANARY}@canary.example"), phone("+353861234567"), profile(f"linkedin.com/in/{CANARY}")
    [found] = find_or_create(app, [person("r1", *addresses, Title__c=f"{CANARY} baker")], ORIGIN)
    return found


def request(app, candidate_id, kind="Erasure"):
    values = {PrivacyRequest.CANDIDATE: candidate_id, PrivacyRequest.KIND: kind}
    return app.salesforce.create(PrivacyRequest.API_NAME, values)


def record(app, request_id):
    fields = [PrivacyRequest.STATUS, PrivacyRequest.CERTIFICATE, PrivacyRequest.CANDIDATE, PrivacyRequest.KEY]
    return app.salesforce.get(PrivacyRequest.API_NAME, request_id, fields)


def load(app, *people):
    return find_or_create(app, people, ORIGIN)


@pytest.fixture
def erased(app, org):
    found = everything(app)
    asked = request(app, found.id)
    erase(app, asked)
    return found, asked


@pytest.mark.parametrize(
    ("addresses", "name"),
    [
        ([email(f"{CANARY}@canary.example")], ("Somebody", "Else")),
        ([profile(f"https://www.linkedin.com/in/{CANARY}/")], ("Z.", "Quill")),
        ([phone("+353861234567")], ("Zephyrine", "Quill")),
        ([phone("+353861234567")], ("Z", "Quill")),
        ([email("new@canary.example"), phone("+353861234567")], ("zephyrine", "QUILL")),
    ],
)
def test_S27_an_erased_person_cannot_come_back(app, erased, addresses, name):
    [found] = load(app, person("again", *addresses, first=name[0], last=name[1]))
    assert (found.state, found.code, found.id) == (State.REFUSED, "erased", "")
    assert CANARY not in found.reason.casefold()
    assert app.salesforce.count("SELECT COUNT() FROM Candidate__c") == 0


@pytest.mark.parametrize(
    ("addresses", "name"),
    [
        ([phone("+353861234567")], ("Oscar", "Quill")),  # the family's telephone
        ([email("zoe@canary.example")], ("Zephyrine", "Quill")),  # a namesake
    ],
)
def test_others_are_not_kept_out(app, erased, addresses, name):
    [found] = load(app, person("other", *addresses, first=name[0], last=name[1]))
    assert found.state is State.CREATED


def test_the_rest_of_a_batch_goes_on(app, erased):
    good, gone = load(
        app,
        person("r8", email("bob@b.example"), first="Bob", last="May"),
        person("r9", email(f"{CANARY}@canary.example")),
    )
    assert (good.state, gone.code) == (State.CREATED, "erased")


def test_the_certificate_says_what_went_and_what_stays(app, erased):
    _, asked = erased
    row = record(app, asked)
    assert (row[PrivacyRequest.STATUS], row[PrivacyRequest.CANDIDATE]) == ("Done", None)
    text = row[PrivacyRequest.CERTIFICATE]
    assert "2026-03-02 09:00 UTC" in text
    assert "Contact Point: 3" in text
    assert "Marks written against a return: 4" in text
    assert "Name and birth date alone are not marked" in text
    assert CANARY not in text.casefold()


def test_nothing_of_the_person_is_found_anywhere(app, org, capsys):
    found = everything(app)
    [other] = load(app, person("o", email("oscar@canary.example"), first="Oscar", last="Pale"))
    given.member(app, given.pool(app), found.id)
    given.consent(app, found.id, "c1")
    app.salesforce.attach_file(found.id, "cv.txt", f"I am {CANARY}".encode())
    merge(app, given.pair(app, found.id, other.id, Keep__c="First"))
    app.people.put({"pk": f"person#{found.key}", "sk": "caps", "name": CANARY})
    line = {"key": found.key, "id": found.id, "email": f"{CANARY}@canary.example", "slots": {"first_name": CANARY}}
    app.data.write("audiences/campaign=c/step=s-v1/a-0.jsonl", json.dumps(line).encode(), content_type="text/plain")
    erase(app, request(app, found.id))
    assert CANARY not in whole_org(app).casefold()
    assert CANARY not in whole_aws(app).casefold()
    assert CANARY not in capsys.readouterr().err.casefold()
    for used in (Candidate, ContactPoint, Consent, PoolMembership, DuplicatePair):
        assert app.salesforce.count(f"SELECT COUNT() FROM {used.API_NAME}") == 0
    assert app.salesforce.count("SELECT COUNT() FROM ContentVersion") == 0
    # Who was merged into the record is erased with it.
    assert load(app, person("again", email("oscar@canary.example"), first="Oscar", last="Pale"))[0].code == "erased"


def whole_org(app):
    texts = []
    for name, fields in given.TABLES.items():
        texts += app.salesforce.query(select(name, [*fields, "Id"]))
    texts += app.salesforce.query("SELECT Certificate__c, Message__c FROM Privacy_Request__c")
    return json.dumps(texts)


def whole_aws(app):
    items = [aws.dynamodb().scan(TableName=table)["Items"] for table in app.config.tables.values()]
    return json.dumps(items, default=str) + "".join(
        key + app.data.read(key).decode("latin-1") for key in app.data.keys("")
    )


def test_S27_no_mail_goes_to_an_erased_person(app, erased):
    found, _ = erased
    assert why_not(app, found.key, "other@x.example", transactional=True) is Reason.ERASED
    assert why_not(app, "somebody", f"{CANARY}@canary.example", transactional=True) is Reason.ERASED


def test_a_new_signing_key_brings_nobody_back(app, erased):
    keys = {**LINK_KEYS["keys"], "k2": base64.urlsafe_b64encode(b"another key of thirty-two bytes!").decode()}
    salt = LINK_KEYS["keys"]["k1"]
    app.links = Signer.from_json(json.dumps({"current": "k2", "keys": keys, "salt": salt}))
    assert load(app, person("again", email(f"{CANARY}@canary.example")))[0].code == "erased"


def test_a_new_salt_brings_nobody_back_while_the_former_one_is_kept(app, erased):
    fresh = base64.urlsafe_b64encode(b"a fresh salt of thirty-two bytes").decode()
    former = [LINK_KEYS["keys"]["k1"]]
    app.links = Signer.from_json(json.dumps({**LINK_KEYS, "salt": fresh, "former_salts": former}))
    assert load(app, person("again", email(f"{CANARY}@canary.example")))[0].code == "erased"


def test_erasing_twice_changes_nothing(app, erased):
    _, asked = erased
    before = record(app, asked)
    assert "already" in erase(app, asked)
    assert record(app, asked) == before


def test_only_an_erasure_erases(app, org):
    found = everything(app)
    with pytest.raises(Rejected, match="kind “Access”"):
        erase(app, request(app, found.id, "Access"))
    with pytest.raises(Rejected, match="names no candidate"):
        erase(app, request(app, None))
    assert app.salesforce.count("SELECT COUNT() FROM Candidate__c") == 1


def test_an_import_of_nobody_erased_costs_one_small_query(app, org):
    counted = []
    query = app.people.query
    app.people.query = lambda *args, **named: counted.append(named) or query(*args, **named)
    load(app, *(person(f"r{n}", email(f"p{n}@x.example"), last=f"L{n}") for n in range(50)))
    assert len(counted) == 1


def die_and_go_on(app, number):
    """Kills an erasure at its n-th write, then runs it again; whether it came that far."""
    [found] = load(
        app, person(f"k{number}", email(f"{CANARY}{number}@canary.example"), phone("+353861234567"), first=f"N{number}")
    )
    given.consent(app, found.id, f"k{number}")
    asked = request(app, found.id)
    died = killed_at(app, number, lambda: erase(app, asked))
    erase(app, asked)
    row = record(app, asked)
    assert (row[PrivacyRequest.STATUS], row[PrivacyRequest.CANDIDATE]) == ("Done", None)
    assert "Marks written against a return: 3." in row[PrivacyRequest.CERTIFICATE]
    assert CANARY not in (whole_org(app) + whole_aws(app)).casefold()
    [again] = load(app, person(f"a{number}", email(f"{CANARY}{number}@canary.example")))
    assert again.code == "erased"
    return died


@pytest.mark.parametrize("number", [3, 9])
def test_killed_at_a_write_an_erasure_goes_on_where_it_stopped(app, org, number):
    assert die_and_go_on(app, number)


@pytest.mark.slow
def test_killed_between_any_two_writes_an_erasure_ends_complete(app, org):
    number = 1
    while die_and_go_on(app, number):
        number += 1
    assert number > 12


def test_what_lay_in_the_recycle_bin_goes_too_and_the_certificate_says_what_query_all_shows(app, org):
    found = everything(app)
    [point] = app.salesforce.query("SELECT Id FROM Contact_Point__c WHERE Kind__c = 'Profile'")
    app.salesforce.delete_many(ContactPoint.API_NAME, [point["Id"]])
    assert app.salesforce.query(f"SELECT Id FROM Contact_Point__c WHERE Id = '{point['Id']}'") == []
    assert app.salesforce.with_deleted(f"SELECT Id FROM Contact_Point__c WHERE Id = '{point['Id']}'") == [point]
    asked = request(app, found.id)
    erase(app, asked)
    assert app.salesforce.with_deleted("SELECT Id FROM Contact_Point__c") == []
    assert (
        "queryAll, which shows deleted rows too:\n- no row of the person is left."
        in record(app, asked)["Certificate__c"]
    )


def test_a_row_that_query_all_still_shows_stands_in_the_certificate(app, org):
    """An org that moves to the recycle bin what it was asked to delete for good."""
    found = everything(app)
    given.touch(app, found.id, "t1")
    [quick] = [app.salesforce.create("Quick_Add__c", {"Full_Name__c": "Zephyrine Quill", "Candidate__c": found.id})]
    destroy, bin_them = app.salesforce.destroy_many, app.salesforce.delete_many
    app.salesforce.destroy_many = lambda name, ids: (bin_them if name == "Quick_Add__c" else destroy)(name, ids)
    asked = request(app, found.id)
    erase(app, asked)
    told = record(app, asked)["Certificate__c"]
    assert "- Quick Add: 1 rows, 0 of them with personal fields" in told
    assert "An administrator empties the recycle bin" in told
    assert app.salesforce.with_deleted(f"SELECT Full_Name__c FROM Quick_Add__c WHERE Id = '{quick}'") == [
        {"Full_Name__c": None}
    ]


def test_what_stood_on_the_person_before_a_load_is_forgotten(app, org):
    found = everything(app)
    image = {found.key: {"id": found.id, "before": {"Title__c": CANARY}}, "somebody else": {"id": "x", "before": {}}}
    for load in ("import=i1", "search=s1"):
        app.data.write(f"provenance/{load}/load=1/00000.json", json.dumps(image).encode(), content_type="a/b")
    asked = request(app, found.id)
    erase(app, asked)
    for place in app.data.keys("provenance/"):
        assert json.loads(app.data.read(place)) == {"somebody else": {"id": "x", "before": {}}}
    assert "- before-images of loads: 2" in record(app, asked)["Certificate__c"]
