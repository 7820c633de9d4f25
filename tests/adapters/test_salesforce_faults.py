"""The org's faults as they arrive over HTTP: what is repeated, what is not, and what is said."""

import json
import traceback

import pytest
import requests
import responses
from responses import matchers

from integration.adapters.salesforce import SalesforceFault, connect
from integration.errors import Gone, Rejected, TryAgain

LOGIN = "https://login.salesforce.com/services/oauth2/token"
DATA = "https://acme.my.salesforce.com/services/data/v63.0/"
SECRET = {"login_url": "https://login.salesforce.com", "client_id": "app", "client_secret": "s3cret"}
CANDIDATE = "a01000000000001AAA"
SOQL = "SELECT Id FROM Candidate__c WHERE Email__c = 'ada@canary.example'"


@pytest.fixture
def edge():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.post(LOGIN, json={"access_token": "t1", "instance_url": "https://acme.my.salesforce.com"})
        yield mock


@pytest.fixture
def waits():
    return []


@pytest.fixture
def org(edge, waits):
    return connect(SECRET, sleep=waits.append)


def problem(code, message="", fields=()):
    return [{"errorCode": code, "message": message, "fields": list(fields)}]


def page(*records):
    return {"totalSize": len(records), "done": True, "records": list(records)}


def logins(edge):
    return sum(call.request.url == LOGIN for call in edge.calls)


def test_persistent_401_stops_after_two_logins(edge, org):
    edge.post(DATA + "sobjects/Candidate__c/", status=401, json=problem("INVALID_SESSION_ID"))
    with pytest.raises(SalesforceFault, match="integration user"):
        org.create("Candidate__c", {"First_Name__c": "Ada"})
    assert logins(edge) == 2
    assert len(edge.calls) == 4


def test_401_that_is_not_json_stops_too(edge, org):
    edge.get(DATA + "query/", status=401, body="<html>who are you</html>")
    with pytest.raises(SalesforceFault):
        org.query(SOQL)
    assert logins(edge) == 2


def test_session_that_ended_is_renewed_for_oauth_addresses_too(edge, org):
    address = "https://acme.my.salesforce.com/services/oauth2/userinfo"
    edge.get(address, status=403, body="Bad_OAuth_Token")
    edge.get(address, json={"user_id": "005000000000001AAA"}, headers={"Content-Type": "application/json"})
    assert org.user_id() == "005000000000001AAA"
    assert logins(edge) == 2


def test_headers_survive_a_new_login(edge, org):
    edge.post(DATA + "sobjects/Candidate__c/", status=401, json=problem("INVALID_SESSION_ID"))
    edge.post(DATA + "sobjects/Candidate__c/", json={"id": CANDIDATE, "success": True, "errors": []}, status=201)
    assert org.create("Candidate__c", {"First_Name__c": "Ada"}) == CANDIDATE
    for call in (edge.calls[1], edge.calls[3]):
        assert call.request.headers["Sforce-Duplicate-Rule-Header"] == "allowSave=false"
        assert call.request.headers["Sforce-Call-Options"] == "client=warmbench"


def test_wrong_secret_is_never_repeated(edge, org):
    edge.replace(responses.POST, LOGIN, status=400, json={"error": "invalid_grant", "error_description": "ada@x.org"})
    with pytest.raises(SalesforceFault, match="invalid_grant") as caught:
        org.query(SOQL)
    assert logins(edge) == 1
    assert "ada@" not in str(caught.value)


def test_login_host_that_is_down_is_tried_again_for_any_call(edge, org, waits):
    edge.replace(responses.POST, LOGIN, status=503, json=problem("SERVER_UNAVAILABLE"))
    with pytest.raises(TryAgain):
        org.create("Candidate__c", {})
    assert (logins(edge), len(waits)) == (5, 4)


def test_busy_org_is_asked_again(edge, org, waits):
    edge.get(DATA + "query/", status=503, body="<html>busy</html>")
    edge.get(DATA + "query/", json=page({"Id": CANDIDATE}))
    assert org.query(SOQL) == [{"Id": CANDIDATE}]
    assert len(waits) == 1


def test_retry_after_is_obeyed(edge, org, waits):
    edge.get(DATA + "query/", status=503, headers={"Retry-After": "7"})
    edge.get(DATA + "query/", json=page())
    org.query(SOQL)
    assert waits == [7.0]


def test_bad_gateway_page_is_try_again(edge, org, waits):
    edge.get(DATA + "query/", status=502, body="<html><h1>Bad Gateway</h1></html>")
    with pytest.raises(TryAgain):
        org.query(SOQL)
    assert len(waits) == 4
    assert sum(waits) <= 20


def test_half_an_answer_is_asked_again(edge, org):
    edge.get(DATA + "query/", body='{"totalSize": 1, "done": tr')
    edge.get(DATA + "query/", json=page())
    assert org.query(SOQL) == []


def test_create_whose_answer_is_lost_is_not_repeated(edge, org, waits):
    edge.post(DATA + "sobjects/Candidate__c/", body=requests.ConnectionError("Connection reset by peer"))
    with pytest.raises(TryAgain):
        org.create("Candidate__c", {"First_Name__c": "Ada"})
    assert waits == []
    assert len(edge.calls) == 2


def test_create_on_a_locked_row_is_repeated(edge, org):
    edge.post(DATA + "sobjects/Candidate__c/", status=400, json=problem("UNABLE_TO_LOCK_ROW"))
    edge.post(DATA + "sobjects/Candidate__c/", status=201, json={"id": CANDIDATE, "success": True, "errors": []})
    assert org.create("Candidate__c", {}) == CANDIDATE


def test_upsert_whose_answer_is_lost_is_repeated(edge, org):
    path = DATA + "composite/sobjects/Candidate__c/Candidate_Key__c"
    edge.patch(path, body=requests.ReadTimeout("read timed out"))
    edge.patch(path, json=[{"id": CANDIDATE, "success": True, "created": False, "errors": []}])
    (outcome,) = org.upsert_many("Candidate__c", "Candidate_Key__c", [{"Candidate_Key__c": "k1"}])
    assert (outcome.success, outcome.created) == (True, False)


def test_used_up_limit_waits_a_quarter_of_an_hour_and_is_not_hammered(edge, org, waits):
    edge.get(DATA + "query/", status=403, json=problem("REQUEST_LIMIT_EXCEEDED"))
    with pytest.raises(TryAgain) as caught:
        org.query(SOQL)
    asked = len(edge.calls)
    with pytest.raises(TryAgain):
        org.query(SOQL)
    assert (caught.value.seconds, waits, len(edge.calls)) == (900, [], asked)


def test_every_request_has_a_time_out(edge, org):
    edge.get(DATA + "query/", json=page())
    edge.post(DATA + "sobjects/Candidate__c/", status=201, json={"id": CANDIDATE, "success": True, "errors": []})
    org.query(SOQL)
    org.create("Candidate__c", {})
    assert all(call.request.req_kwargs["timeout"] == (5, 60) for call in edge.calls)


def test_usage_of_the_day_is_known(edge, org):
    edge.get(DATA + "query/", json=page(), headers={"Sforce-Limit-Info": "api-usage=18/5000"})
    org.query(SOQL)
    assert org.api_usage == (18, 5000)


def test_refusal_names_field_and_value_in_words(edge, org):
    refused = problem("STRING_TOO_LONG", "City: data value too large: Llanfair (max length=5)", ["City__c"])
    edge.patch(DATA + f"sobjects/Candidate__c/{CANDIDATE}", status=400, json=refused)
    with pytest.raises(Rejected) as caught:
        org.update("Candidate__c", CANDIDATE, {"City__c": "Llanfair"})
    assert (caught.value.field, caught.value.value) == ("City__c", "Llanfair")
    assert caught.value.message == "City is longer than the field takes. Shorten it. It takes 5 characters."


def test_rule_of_the_org_speaks_for_itself(edge, org):
    refused = problem("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Choose a pool before you launch.", ["Pool__c"])
    edge.post(DATA + "sobjects/Recruiting_Campaign__c/", status=400, json=refused)
    with pytest.raises(Rejected, match="Choose a pool before you launch"):
        org.create("Recruiting_Campaign__c", {})


@pytest.mark.parametrize(
    ("status", "code"), [(404, "NOT_FOUND"), (404, "ENTITY_IS_DELETED"), (400, "ENTITY_IS_DELETED")]
)
def test_deleted_record_is_gone(edge, org, status, code):
    edge.patch(DATA + f"sobjects/Candidate__c/{CANDIDATE}", status=status, json=problem(code))
    with pytest.raises(Gone):
        org.update("Candidate__c", CANDIDATE, {})


def test_unknown_object_is_a_bug_and_not_gone(edge, org):
    edge.post(DATA + "sobjects/Candidate__c/", status=404, json=problem("NOT_FOUND"))
    with pytest.raises(SalesforceFault, match="NOT_FOUND"):
        org.create("Candidate__c", {})


@pytest.mark.parametrize(
    "code", ["INVALID_FIELD", "INVALID_TYPE", "INSUFFICIENT_ACCESS_OR_READONLY", "MALFORMED_QUERY"]
)
def test_drift_and_missing_rights_are_alarms(edge, org, code):
    edge.get(DATA + "query/", status=400, json=problem(code, f"near {SOQL}"))
    with pytest.raises(SalesforceFault, match=code):
        org.query(SOQL)


def test_create_meets_the_record_with_its_own_key(edge, org):
    text = "duplicate value found: Key__c duplicates value on record with id: a0LWB0000000001"
    edge.post(DATA + "sobjects/Pool_Membership__c/", status=400, json=problem("DUPLICATE_VALUE", text))
    assert org.create("Pool_Membership__c", {"Pool__c": "a02000000000001AAA"}) == "a0LWB00000000012AA"


def test_another_unique_value_is_not_our_record(edge, org):
    taken = problem(
        "DUPLICATE_VALUE", f"duplicate value found: Slug__c duplicates value on record with id: {CANDIDATE}"
    )
    edge.post(DATA + "sobjects/Landing_Page__c/", status=400, json=taken)
    with pytest.raises(Rejected, match="Another record has the same Slug") as caught:
        org.create("Landing_Page__c", {"Slug__c": "nurses"})
    assert (caught.value.field, caught.value.value) == ("Slug__c", "nurses")


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 400, "json": problem("INVALID_FIELD", f"bad {SOQL}")},
        {"status": 401, "json": problem("INVALID_SESSION_ID", SOQL)},
        {"status": 500, "body": SOQL},
        {"status": 503, "body": SOQL},
        {"body": requests.ConnectionError(f"url: /query?q={SOQL}")},
        {"body": "not json"},
    ],
)
def test_no_trace_of_a_fault_holds_the_query(edge, org, answer):
    edge.get(DATA + "query/", **answer)
    with pytest.raises((SalesforceFault, TryAgain)) as caught:
        org.query(SOQL)
    assert "canary" not in "".join(traceback.format_exception(caught.value, chain=True))


@pytest.mark.parametrize(
    "bad",
    ["", "../../oauth2/userinfo", "../a0100000000", "a010000000000?x", "a01000000000#xy", "a0100000000000é",
     "a0100000000001", "a01000000000001A", "a01000000000001AA", "a01000000000001AAAA", "a01000000000001\n"],
)  # fmt: skip
def test_S4_bad_id_makes_no_call(edge, org, bad):
    for act in (
        lambda: org.update("Candidate__c", bad, {}),
        lambda: org.get("Candidate__c", bad, ["Id"]),
        lambda: org.delete_many("Candidate__c", [bad]),
        lambda: org.read_file(bad),
        lambda: org.attach_file(bad, "a.txt", b""),
        lambda: org.attached_file(bad),
    ):
        with pytest.raises(Rejected):
            act()
    assert len(edge.calls) == 0


def test_locked_rows_alone_are_sent_again(edge, org):
    path = DATA + "composite/sobjects"
    locked = {"success": False, "errors": [{"statusCode": "UNABLE_TO_LOCK_ROW", "message": "", "fields": []}]}
    made = [{"id": f"a0100000000000{n}AAA", "success": True, "errors": []} for n in range(3)]
    edge.post(path, json=[made[0], locked, made[2]])
    edge.post(path, json=[made[1]])
    outcomes = org.create_many("Candidate__c", [{"City__c": city} for city in ("Cork", "Ulm", "Graz")])
    assert [outcome.id for outcome in outcomes] == [entry["id"] for entry in made]
    assert [row["City__c"] for row in json.loads(edge.calls[-1].request.body)["records"]] == ["Ulm"]


def test_row_that_stays_locked_fails_in_words(edge, org):
    locked = {"success": False, "errors": [{"statusCode": "UNABLE_TO_LOCK_ROW", "message": "x", "fields": []}]}
    edge.post(DATA + "composite/sobjects", json=[locked])
    (outcome,) = org.create_many("Candidate__c", [{}])
    assert (outcome.success, outcome.code) == (False, "UNABLE_TO_LOCK_ROW")
    assert "Try again" in outcome.message


def test_upsert_that_met_its_twin_is_sent_again(edge, org):
    path = DATA + "composite/sobjects/Pool_Membership__c/Key__c"
    text = f"duplicate value found: Key__c duplicates value on record with id: {CANDIDATE}"
    edge.patch(path, json=[{"success": False, "errors": [{"statusCode": "DUPLICATE_VALUE", "message": text}]}])
    edge.patch(path, json=[{"id": CANDIDATE, "success": True, "created": False, "errors": []}])
    (outcome,) = org.upsert_many("Pool_Membership__c", "Key__c", [{"Key__c": "a|b"}])
    assert outcome.success


def test_deleting_what_is_deleted_succeeds(edge, org):
    gone = {"success": False, "errors": [{"statusCode": "ENTITY_IS_DELETED", "message": "entity is deleted"}]}
    edge.delete(DATA + "composite/sobjects", json=[gone])
    (outcome,) = org.delete_many("Candidate__c", [CANDIDATE])
    assert (outcome.success, outcome.id) == (True, CANDIDATE)


def test_three_bad_rows_of_two_hundred_are_named(edge, org):
    def answer(request):
        entries = []
        for row in json.loads(request.body)["records"]:
            bad = row["Email__c"].endswith("@")
            error = {"statusCode": "INVALID_EMAIL_ADDRESS", "message": "Email: invalid", "fields": ["Email__c"]}
            entries.append({"success": False, "errors": [error]} if bad else {"id": CANDIDATE, "success": True})
        return 200, {}, json.dumps(entries)

    edge.add_callback(responses.POST, DATA + "composite/sobjects", callback=answer)
    rows = [{"Email__c": "x@" if n in (3, 77, 180) else f"x{n}@example.org"} for n in range(200)]
    outcomes = org.create_many("Candidate__c", rows)
    assert [n for n, outcome in enumerate(outcomes) if not outcome.success] == [3, 77, 180]
    assert outcomes[77].fields == ("Email__c",)
    assert outcomes[77].message == "Email is not an e-mail address. Correct it."


def test_namespace_is_put_on_and_taken_off(edge):
    org = connect(SECRET, namespace="wb", sleep=lambda _: None)
    soql = "SELECT Id,wb__Pool__r.wb__Kind__c FROM wb__Pool_Membership__c WHERE wb__Key__c = 'not__c it\\'s'"
    record = {
        "attributes": {"type": "wb__Pool_Membership__c"},
        "Id": CANDIDATE,
        "wb__Pool__r": {"attributes": {"type": "wb__Talent_Pool__c"}, "wb__Kind__c": "Static"},
    }
    edge.get(DATA + "query/", json=page(record), match=[matchers.query_param_matcher({"q": soql})])
    asked = "SELECT Id,Pool__r.Kind__c FROM Pool_Membership__c WHERE Key__c = 'not__c it\\'s'"
    assert org.query(asked) == [{"Id": CANDIDATE, "Pool__r.Kind__c": "Static"}]


def test_empty_parent_is_flattened_to_none(edge, org):
    edge.get(DATA + "query/", json=page({"attributes": {}, "Id": CANDIDATE, "Pool__r": None}))
    assert org.query("SELECT Id, Pool__r.Name FROM Pool_Membership__c") == [{"Id": CANDIDATE, "Pool__r.Name": None}]


def test_children_in_a_query_are_refused(edge, org):
    edge.get(DATA + "query/", json=page({"Id": CANDIDATE, "Members__r": {"records": [], "done": True}}))
    with pytest.raises(ValueError, match="Members__r"):
        org.query("SELECT Id, (SELECT Id FROM Members__r) FROM Talent_Pool__c")


def test_part_of_a_composite_that_is_refused_is_raised(edge, org):
    parts = [
        {"httpStatusCode": 200, "body": page({"Id": CANDIDATE})},
        {"httpStatusCode": 400, "body": problem("INVALID_FIELD", SOQL)},
    ]
    edge.post(DATA + "composite", json={"compositeResponse": parts})
    with pytest.raises(SalesforceFault, match="INVALID_FIELD"):
        org.together(["SELECT Id FROM Candidate__c", SOQL])


def test_six_queries_go_in_two_calls(edge, org):
    asked = []

    def answer(request):
        parts = json.loads(request.body)["compositeRequest"]
        asked.append(len(parts))
        found = [{"httpStatusCode": 200, "body": page({"Id": CANDIDATE})} for _ in parts]
        return 200, {}, json.dumps({"compositeResponse": found})

    edge.add_callback(responses.POST, DATA + "composite", callback=answer)
    assert org.together(["SELECT Id FROM Candidate__c"] * 6) == [[{"Id": CANDIDATE}]] * 6
    assert asked == [5, 1]


def test_long_query_travels_in_a_body(edge, org):
    edge.post(
        DATA + "composite", json={"compositeResponse": [{"httpStatusCode": 200, "body": page({"Id": CANDIDATE})}]}
    )
    soql = "SELECT Id FROM Candidate__c WHERE Id IN ('" + "','".join([CANDIDATE] * 500) + "')"
    assert org.query(soql) == [{"Id": CANDIDATE}]


def test_private_key_signs_in(edge):
    import jwt
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    edge.get(DATA + "query/", json=page())
    secret = {"login_url": "https://login.salesforce.com", "client_id": "app", "username": "u@x", "private_key": pem}
    connect(secret).query(SOQL)
    form = dict(part.split("=", 1) for part in edge.calls[0].request.body.split("&"))
    claims = jwt.decode(
        form["assertion"], key.public_key(), algorithms=["RS256"], audience="https://login.salesforce.com"
    )
    assert (claims["iss"], claims["sub"]) == ("app", "u@x")
