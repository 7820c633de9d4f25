"""Standard objects: what Salesforce itself puts into them, demands of them, and shows of them."""

import pytest

from integration.local.org.standard.objects import standard_objects

OPPORTUNITY = {"Name": "Hire ten", "StageName": "Qualification", "CloseDate": "2026-12-01"}


def one(small, soql):
    (record,) = small.sf.query(soql)["records"]
    return {name: value for name, value in record.items() if name != "attributes"}


@pytest.mark.parametrize(
    ("object_name", "values", "missing"),
    [
        ("Account", {}, ["Name"]),
        ("Contact", {"FirstName": "Ada"}, ["LastName"]),
        ("Lead", {}, ["LastName", "Company"]),
        ("Opportunity", {}, ["Name", "StageName", "CloseDate"]),
        ("Campaign", {}, ["Name"]),
    ],
)
def test_required_fields_are_asked_for(small, object_name, values, missing):
    code, _, fields = small.refusal(object_name, values)
    assert code == "REQUIRED_FIELD_MISSING"
    assert sorted(fields) == sorted(missing)


@pytest.mark.parametrize("object_name", ["Contact", "Lead"])
def test_name_is_put_together_and_follows_its_parts(small, object_name):
    values = {"FirstName": "Ada", "LastName": "Byron", "Company": "Babbage"}
    values = values if object_name == "Lead" else {name: values[name] for name in ("FirstName", "LastName")}
    resource = getattr(small.sf, object_name)
    record = resource.create(values)["id"]
    assert resource.get(record)["Name"] == "Ada Byron"
    resource.update(record, {"LastName": "Lovelace"})
    assert one(small, f"SELECT Name FROM {object_name} WHERE Name = 'ada lovelace'") == {"Name": "Ada Lovelace"}
    assert small.refusal(object_name, {**values, "Name": "X"})[0] == "INVALID_FIELD_FOR_INSERT_UPDATE"


def test_address_is_written_in_parts_and_shown_as_one(small):
    account = small.sf.Account.create({"Name": "Acme", "BillingCity": "Cork", "BillingLatitude": 51.9})["id"]
    shown = small.sf.Account.get(account)
    assert shown["BillingAddress"] == {
        "city": "Cork",
        "country": None,
        "geocodeAccuracy": None,
        "latitude": 51.9,
        "longitude": None,
        "postalCode": None,
        "state": None,
        "street": None,
    }
    assert (shown["BillingCity"], shown["ShippingAddress"]) == ("Cork", None)
    assert one(small, "SELECT BillingAddress FROM Account")["BillingAddress"]["city"] == "Cork"
    assert small.refusal("Account", {"Name": "A", "BillingAddress": None})[0] == "INVALID_FIELD_FOR_INSERT_UPDATE"
    assert small.refusal("Account", {"Name": "A", "BillingLatitude": 91})[0] == "NUMBER_OUTSIDE_VALID_RANGE"


def test_case_is_numbered_and_looks_at_its_contact(small):
    contact = small.sf.Contact.create({"LastName": "Byron", "Email": "ada@example.com"})["id"]
    case = small.sf.Case.create({"ContactId": contact, "Status": "Closed"})["id"]
    shown = small.sf.Case.get(case)
    assert (shown["CaseNumber"], shown["IsClosed"], shown["Priority"]) == ("00000001", True, "Medium")
    assert shown["ContactEmail"] == "ada@example.com"


def test_stage_brings_probability_and_forecast_along(small):
    opportunity = small.sf.Opportunity.create({**OPPORTUNITY, "Amount": 200})["id"]
    fields = "Probability, ExpectedRevenue, ForecastCategory, IsClosed, IsWon, Fiscal, FiscalQuarter"
    first = one(small, f"SELECT {fields} FROM Opportunity")
    assert first == {
        "Probability": 10,
        "ExpectedRevenue": 20,
        "ForecastCategory": "Pipeline",
        "IsClosed": False,
        "IsWon": False,
        "Fiscal": "2026 4",
        "FiscalQuarter": 4,
    }
    small.sf.Opportunity.update(opportunity, {"StageName": "Closed Won"})
    later = one(small, f"SELECT {fields} FROM Opportunity")
    assert (later["Probability"], later["IsWon"], later["ForecastCategory"]) == (100, True, "Closed")
    small.sf.Opportunity.update(opportunity, {"StageName": "Closed Lost", "Probability": 3})
    assert one(small, "SELECT Probability, IsWon FROM Opportunity") == {"Probability": 3, "IsWon": False}


def test_event_lasts_from_its_start_for_its_duration(small):
    times = {"ActivityDateTime": "2026-05-01T23:30:00Z", "DurationInMinutes": "45"}
    event = small.sf.Event.create({"Subject": "Interview", **times})["id"]
    shown = small.sf.Event.get(event)
    assert shown["StartDateTime"] == "2026-05-01T23:30:00.000+0000"
    assert shown["EndDateTime"] == "2026-05-02T00:15:00.000+0000"
    small.sf.Event.update(event, {"EndDateTime": "2026-05-02T00:30:00Z"})
    assert small.sf.Event.get(event)["DurationInMinutes"] == 60
    assert small.refusal("Event", {"Subject": "When?"})[0] == "REQUIRED_FIELD_MISSING"


@pytest.mark.parametrize(
    ("start", "minutes", "code"),
    [
        ("9999-12-31T23:00:00Z", 120, "NUMBER_OUTSIDE_VALID_RANGE"),
        ("2026-05-01T10:00:00Z", 10**15, "NUMBER_OUTSIDE_VALID_RANGE"),
        ("2026-05-01T10:00:00Z", -(2**31) + 1, "NUMBER_OUTSIDE_VALID_RANGE"),
        ("0999-05-01T10:00:00Z", -5, "FIELD_INTEGRITY_EXCEPTION"),
    ],
)
def test_impossible_time_of_an_event_is_refused(small, start, minutes, code):
    assert small.refusal("Event", {"ActivityDateTime": start, "DurationInMinutes": minutes})[0] == code


@pytest.mark.parametrize(
    ("object_name", "values"),
    [
        ("Task", {"IsRecurrence": True}),
        ("Lead", {"LastName": "Byron", "Company": "Babbage", "IsConverted": True}),
    ],
)
def test_what_salesforce_would_act_on_is_refused(small, object_name, values):
    assert small.refusal(object_name, values)[0] == "FUNCTIONALITY_NOT_ENABLED"


def test_contact_is_found_by_email_in_an_upsert(small):
    rows = [{"attributes": {"type": "Contact"}, "LastName": "Byron", "Email": "ada@example.com"}]
    for created in (True, False):
        answer = small.call("PATCH", "composite/sobjects/Contact/Email", json={"records": rows})
        assert [each["created"] for each in answer.json()] == [created]


def test_upsert_that_several_records_match_is_refused(small):
    for name in ("Ada", "Augusta"):
        small.sf.Contact.create({"LastName": name, "Email": "ada@example.com"})
    rows = [{"attributes": {"type": "Contact"}, "LastName": "Byron", "Email": "ADA@example.com"}]
    (answer,) = small.call("PATCH", "composite/sobjects/Contact/Email", json={"records": rows}).json()
    assert answer["errors"][0]["statusCode"] == "DUPLICATE_EXTERNAL_ID"
    assert small.call("PATCH", "sobjects/Contact/Email/ada@example.com", json={}).status_code == 300


def test_moment_of_closing_is_noted(small):
    case = small.sf.Case.create({"Subject": "Late"})["id"]
    assert small.sf.Case.get(case)["ClosedDate"] is None
    small.sf.Case.update(case, {"Status": "Closed"})
    closed = small.sf.Case.get(case)
    assert closed["ClosedDate"] == closed["LastModifiedDate"]
    small.sf.Case.update(case, {"Status": "Working"})
    assert small.sf.Case.get(case)["ClosedDate"] is None


def test_reference_to_a_deleted_record_is_emptied_or_keeps_it(small):
    parent = small.sf.Account.create({"Name": "Acme"})["id"]
    child = small.sf.Account.create({"Name": "Acme Cork", "ParentId": parent})["id"]
    small.sf.Account.delete(parent)
    assert small.sf.Account.get(child)["ParentId"] is None
    small.sf.Case.create({"AccountId": child})
    assert small.call("DELETE", f"sobjects/Account/{child}").json()[0]["errorCode"] == "DELETE_FAILED"


def test_details_go_with_their_account(small):
    account = small.sf.Account.create({"Name": "Acme"})["id"]
    small.sf.Contact.create({"LastName": "Byron", "AccountId": account})
    small.sf.Opportunity.create({**OPPORTUNITY, "AccountId": account})
    children = one(small, "SELECT (SELECT LastName FROM Contacts), (SELECT Name FROM Opportunities) FROM Account")
    assert [children[name]["totalSize"] for name in ("Contacts", "Opportunities")] == [1, 1]
    small.sf.Account.delete(account)
    assert small.sf.query("SELECT COUNT() FROM Contact")["totalSize"] == 0


def test_path_leads_to_a_person_of_either_kind(small):
    for who in (
        small.sf.Contact.create({"LastName": "Byron"})["id"],
        small.sf.Lead.create({"LastName": "King", "Company": "Babbage"})["id"],
    ):
        small.sf.Task.create({"WhoId": who})
    people = small.sf.query("SELECT Who.Name, Who.Type FROM Task ORDER BY Id")["records"]
    assert [(each["Who"]["Name"], each["Who"]["Type"]) for each in people] == [("Byron", "Contact"), ("King", "Lead")]


def test_distance_is_measured_between_addresses(small):
    small.sf.Account.create({"Name": "Acme", "BillingLatitude": 51.9, "BillingLongitude": -8.5})
    near = "SELECT COUNT() FROM Account WHERE DISTANCE(BillingAddress, GEOLOCATION(52, -8.5), 'km') < 20"
    assert small.sf.query(near)["totalSize"] == 1


def test_campaign_member_is_a_lead_or_a_contact(small):
    campaign = small.sf.Campaign.create({"Name": "Spring"})["id"]
    lead = small.sf.Lead.create({"LastName": "Byron", "Company": "Babbage"})["id"]
    small.sf.CampaignMember.create({"CampaignId": campaign, "LeadId": lead, "Status": "Responded"})
    assert one(small, "SELECT Type, HasResponded FROM CampaignMember") == {"Type": "Lead", "HasResponded": True}
    assert small.refusal("CampaignMember", {"CampaignId": campaign})[0] == "REQUIRED_FIELD_MISSING"


def test_users_and_orgs_have_no_recycle_bin(small):
    answer = small.call("GET", "query", params={"q": "SELECT IsDeleted FROM User"})
    assert answer.json()[0]["errorCode"] == "INVALID_FIELD"
    assert "IsDeleted" not in small.call("GET", f"sobjects/Organization/{small.app.id}").json()


def test_every_reference_of_the_table_is_of_a_known_form():
    for info in standard_objects().values():
        for each in info.fields.values():
            assert bool(each.reference_to) <= each.is_reference
            assert all(each.compound in info.fields for each in info.fields.values() if each.compound)
