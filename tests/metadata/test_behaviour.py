"""What the flows, rules and formulas of sf_metadata/ do when records are saved in the embedded org."""

import pytest
from simple_salesforce.exceptions import SalesforceMalformedRequest

from integration.records import (
    Brand,
    CampaignAudience,
    Candidate,
    Channel,
    Commanded,
    Consent,
    JobRequisition,
    PoolMembership,
    RecruitingCampaign,
    RecruitingCommand,
    RecruitingCommandEvent,
    SourceResult,
    TalentPool,
)


def _create(client, record, **values):
    named = {getattr(record, name.upper()): value for name, value in values.items()}
    return getattr(client, record.API_NAME).create(named)["id"]


def _refusal(act):
    with pytest.raises(SalesforceMalformedRequest) as refused:
        act()
    (error,) = refused.value.content
    return error["message"]


@pytest.fixture
def recruiter(org):
    return org.client("recruiter")


def test_command_becomes_a_row_and_an_event(org, recruiter):
    pool = _create(recruiter, TalentPool, name="Data people")
    assert org.rows("SELECT Id FROM Recruiting_Command__c") == []
    recruiter.Talent_Pool__c.update(pool, {TalentPool.COMMAND: "Refresh"})
    (row,) = org.rows("SELECT Id, Object__c, Record_Id__c, Command__c, Status__c FROM Recruiting_Command__c")
    assert (row[RecruitingCommand.OBJECT], row[RecruitingCommand.RECORD_ID]) == ("Talent_Pool__c", pool)
    assert (row[RecruitingCommand.COMMAND], row[RecruitingCommand.STATUS]) == ("Refresh", "New")
    (event,) = org.events()
    assert event["payload"][RecruitingCommandEvent.COMMAND_ID] == row["Id"]
    assert len(event["payload"][RecruitingCommandEvent.ORG_ID]) == 18


def test_saving_again_commands_nothing(org, recruiter):
    pool = _create(recruiter, TalentPool, name="Data people", command="Refresh")
    recruiter.Talent_Pool__c.update(pool, {TalentPool.NAME: "People of data"})
    recruiter.Talent_Pool__c.update(pool, {TalentPool.COMMAND: None})
    assert len(org.rows("SELECT Id FROM Recruiting_Command__c")) == 1


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"first_name": "Ann", "last_name": "Lee"}, "Ann Lee"),
        ({"last_name": "Lee"}, "Lee"),
        ({"email": "ann@example.com"}, "ann@example.com"),
        ({}, "Unnamed candidate"),
        ({"first_name": "A" * 80, "last_name": "B" * 80}, "A" * 80),
    ],
)
def test_candidate_is_named(org, recruiter, values, name):
    _create(recruiter, Candidate, **values)
    assert org.rows("SELECT Name FROM Candidate__c") == [{"Name": name}]


def test_membership_gets_key_and_privacy_of_its_pool(org, recruiter):
    pool = _create(recruiter, TalentPool, name="Quiet", private=True)
    person = _create(recruiter, Candidate, last_name="Lee")
    _create(recruiter, PoolMembership, pool=pool, candidate=person)
    assert org.rows("SELECT Key__c, Private__c FROM Pool_Membership__c") == [
        {PoolMembership.KEY: f"{pool}|{person}", PoolMembership.PRIVATE: True}
    ]


def test_same_person_joins_a_pool_once(recruiter):
    pool, person = _create(recruiter, TalentPool, name="Once"), _create(recruiter, Candidate, last_name="Lee")
    _create(recruiter, PoolMembership, pool=pool, candidate=person)
    assert "duplicate value" in _refusal(lambda: _create(recruiter, PoolMembership, pool=pool, candidate=person))


@pytest.mark.parametrize("change", [{"Do_Not_Contact__c": True}, {"Paused_Until__c": "2027-01-31"}])
def test_opt_out_by_a_person_is_reported_at_once(org, recruiter, change):
    person = _create(recruiter, Candidate, last_name="Lee")
    recruiter.Candidate__c.update(person, change)
    assert org.rows("SELECT Command__c, Record_Id__c FROM Recruiting_Command__c") == [
        {"Command__c": "Contact rights changed", "Record_Id__c": person}
    ]


def test_opt_out_written_by_the_service_is_not_reported_back(org):
    service = org.client("integration")
    person = _create(service, Candidate, last_name="Lee")
    service.Candidate__c.update(person, {Candidate.DO_NOT_CONTACT: True})
    assert (org.rows("SELECT Id FROM Recruiting_Command__c"), org.events()) == ([], [])


def test_only_the_service_writes_status(org, recruiter):
    pool = _create(recruiter, TalentPool, name="Data people")
    change = {Commanded.STATUS: "Failed"}
    assert "security settings" in _refusal(lambda: recruiter.Talent_Pool__c.update(pool, change))
    # Whoever may edit every field is held by the rule.
    message = _refusal(lambda: org.client("admin").Talent_Pool__c.update(pool, change))
    assert message.startswith("Status, message and progress are written by Warmbench.")
    org.client("integration").Talent_Pool__c.update(pool, {Commanded.STATUS: "Failed", Commanded.PROGRESS: 50})


def test_nobody_is_born_with_a_status(org):
    admin = org.client("admin")
    assert "written by Warmbench" in _refusal(lambda: _create(admin, JobRequisition, name="R-1", status="Open"))


def test_consent_is_added_never_changed(org, recruiter):
    person = _create(recruiter, Candidate, last_name="Lee")
    given = _create(
        recruiter, Consent, candidate=person, purpose="Newsletter", state="Given", at="2026-05-03T10:00:00.000+0000"
    )
    assert [row["Object__c"] for row in org.rows("SELECT Object__c FROM Recruiting_Command__c")] == ["Consent__c"]
    change = {Consent.STATE: "Withdrawn"}
    assert "cannot be updated" in _refusal(lambda: recruiter.Consent__c.update(given, change))
    assert "kept as they were given" in _refusal(lambda: org.client("admin").Consent__c.update(given, change))


def test_recruiter_cannot_approve_a_campaign(org, recruiter):
    campaign = _create(recruiter, RecruitingCampaign, name="Spring")
    approve = {RecruitingCampaign.COMMAND: "Approve"}
    assert "Only a recruiting manager" in _refusal(lambda: recruiter.Recruiting_Campaign__c.update(campaign, approve))
    org.client("admin").Recruiting_Campaign__c.update(campaign, approve)


@pytest.mark.parametrize(
    ("record", "values", "message"),
    [
        (PoolMembership, {}, "Choose both a pool and a candidate."),
        (CampaignAudience, {}, "Choose both a campaign and a pool."),
        (Candidate, {"country": "de"}, "Country must be two capital letters"),
        (Candidate, {"rating": 6}, "Rating must be between 1 and 5."),
        (TalentPool, {"name": "D", "kind": "Dynamic"}, "A dynamic pool needs a rule."),
        (JobRequisition, {"name": "R", "salary_min": 2, "salary_max": 1, "salary_currency": "EUR"}, "Salary to must"),
        (JobRequisition, {"name": "R", "salary_min": 2}, "A salary needs its currency"),
        (JobRequisition, {"name": "R", "command": "Open"}, "Give the job a title"),
        (RecruitingCampaign, {"name": "C", "window_start": "17:00:00.000Z", "window_end": "09:00:00Z"}, "Window to"),
        (RecruitingCampaign, {"name": "C", "window_start": "09:00:00.000Z"}, "Fill in both"),
        (RecruitingCampaign, {"name": "C", "hold_out_percent": 60}, "Hold out must be"),
        (RecruitingCampaign, {"name": "C", "throttle": 0}, "Mails a second must be"),
        (Brand, {"name": "B", "key": "b", "primary_color": "blue"}, "Primary colour must be"),
        (Channel, {"name": "C", "key": "A Board", "kind": "Job board"}, "The key must be"),
    ],
)  # fmt: skip
def test_rule_refuses_with_its_message(org, record, values, message):
    assert message in _refusal(lambda: _create(org.client("admin"), record, **values))


def test_cost_is_blank_without_a_denominator(org):
    service = org.client("integration")
    _create(service, SourceResult, key="k", spend_home=500, clicks=200, hires=0)
    (row,) = org.rows("SELECT Cost_Per_Click__c, Cost_Per_Hire__c, Cost_Per_Visit__c FROM Source_Result__c")
    assert row == {"Cost_Per_Click__c": 2.5, "Cost_Per_Hire__c": None, "Cost_Per_Visit__c": None}
