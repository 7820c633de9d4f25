"""The candidate's own page: shown after a wish, put right, taken along, changed, withdrawn, erased."""

import json
import re

import pytest

from integration import pages, syndication
from integration.model import link
from integration.model.link import Purpose
from integration.ports import Queue
from integration.privacy.erasing import erase
from integration.records import Application, JobRequisition, LandingPage, MessageTemplate
from integration.registration import courtesy
from integration.sending.aliases import person_pk
from tests.app_fixture import app_queue_messages

ANN = {"first_name": "Ann", "last_name": "Lee", "email": "ann@example.org"}


@pytest.fixture
def ann(app, org, desk, visitor):
    """Candidate key of somebody who registered and applied."""
    desk.brand()
    desk.live_job()
    reference = org.rows("SELECT Reference__c FROM Job_Posting__c")[0]["Reference__c"]
    pages.publish(app, desk.page(**{LandingPage.DOUBLE_OPT_IN: False}))
    visitor.fill("/p/night-nurses", ticked=["Talent community"], **ANN)
    visitor.fill(f"/jobs/{reference}/apply", **ANN)
    desk.work()
    [row] = org.rows("SELECT Candidate_Key__c FROM Candidate__c")
    return row["Candidate_Key__c"]


def own(app, key):
    return "/preferences/" + app.links.sign(Purpose.PREFERENCES, {link.CANDIDATE: key}) + "/data"


def ask(visitor, desk, address, action, **fields):
    answer = visitor.fill(address, action=action, **fields)
    desk.work()
    return answer


def test_looking_gathers_nothing_and_the_button_everything(app, desk, visitor, ann):
    address = own(app, ann)
    assert "Press the button" in visitor.get(address).text
    assert app_queue_messages(app, Queue.REGISTRATIONS) == []
    answer = visitor.fill(address, action="show")
    assert 'http-equiv="refresh"' in visitor.get(answer.headers["location"]).text
    desk.work()
    text = visitor.get(address).text
    for words in ("Ann", "ann@example.org", "from you", "Night nurse", "We have your application and will read it.",
                  "Landing page night-nurses", "agreed", "You are in no series of mails."):  # fmt: skip
        assert words in text
    app.clock.move(hours=2)
    assert "Press the button" in visitor.get(address).text


def test_a_person_takes_everything_along_as_a_file(app, desk, visitor, ann):
    ask(visitor, desk, own(app, ann), "show")
    file = visitor.get(own(app, ann) + ".json")
    assert "attachment" in file.headers["content-disposition"]
    assert file.headers["cache-control"] == "private, no-store"
    held = json.loads(file.text)
    assert held["applications"][0]["title"] == "Night nurse"
    assert {"kind": "Email", "value": "ann@example.org", "status": "Confirmed"} in held["addresses"]


def test_the_page_tells_of_a_list_but_not_what_we_call_it(app, org, desk, visitor, ann):
    [row] = org.rows("SELECT Id FROM Candidate__c")
    app.salesforce.update("Candidate__c", row["Id"], {"Collected_From__c": "Import a08000000000001: leads.csv"})
    ask(visitor, desk, own(app, ann), "show")
    text = visitor.get(own(app, ann)).text
    assert "from a list that we loaded" in text
    assert "leads" not in text + visitor.get(own(app, ann) + ".json").text


def test_the_persons_word_replaces_everybodys(app, org, desk, visitor, ann):
    ask(visitor, desk, own(app, ann), "correct", last_name="Byrne", city="Cork")
    [row] = org.rows("SELECT First_Name__c, Last_Name__c, City__c, Field_Sources__c FROM Candidate__c")
    assert (row["First_Name__c"], row["Last_Name__c"], row["City__c"]) == ("Ann", "Byrne", "Cork")
    assert "Candidate" in row["Field_Sources__c"]
    assert "Byrne" in visitor.get(own(app, ann)).text


def test_an_address_changes_when_both_have_said_yes(app, org, desk, visitor, ann):
    app_queue_messages(app, Queue.MAIL)
    ask(visitor, desk, own(app, ann), "email", email="ann@new.example")
    doors = [
        message["recipients"][0]["slots"]["confirm_url"].removeprefix(app.config.public_base_url)
        for message in app_queue_messages(app, Queue.MAIL)
    ]
    assert len(doors) == 2
    email = "SELECT Email__c FROM Candidate__c"
    for door in (doors[0], doors[0]):
        visitor.get(door)
        visitor.post(door, {})
        desk.work()
    assert org.rows(email) == [{"Email__c": "ann@example.org"}]
    visitor.post(doors[1], {})
    desk.work()
    assert org.rows(email) == [{"Email__c": "ann@new.example"}]
    assert org.rows("SELECT Value__c, Status__c FROM Contact_Point__c WHERE Kind__c = 'Email'") == [
        {"Value__c": "ann@new.example", "Status__c": "Confirmed"}
    ]


def test_S9_only_ones_own_open_application_is_withdrawn(app, org, desk, visitor, ann):
    application = org.rows("SELECT Id FROM Application__c")[0]["Id"]
    visitor.fill("/p/night-nurses", ticked=["Talent community"], first_name="B", last_name="C", email="b@example.org")
    desk.work()
    other = org.rows("SELECT Candidate_Key__c FROM Candidate__c WHERE First_Name__c = 'B'")[0]["Candidate_Key__c"]
    ask(visitor, desk, own(app, other), "withdraw", application=application)
    assert desk.read(Application.API_NAME, application, Application.STAGE) == "Applied"
    ask(visitor, desk, own(app, ann), "withdraw", application=application)
    assert desk.read(Application.API_NAME, application, Application.STAGE) == "Withdrawn"
    assert "You have withdrawn this application." in visitor.get(own(app, ann)).text


def test_erasing_needs_a_tick_and_becomes_a_command(app, org, desk, visitor, ann):
    ask(visitor, desk, own(app, ann), "show")
    assert visitor.fill(own(app, ann), action="erase").status == 400
    ask(visitor, desk, own(app, ann), "erase", sure="yes")
    [request] = org.rows("SELECT Kind__c, Due_On__c, Candidate__c FROM Privacy_Request__c")
    assert request["Kind__c"] == "Erasure"
    assert request["Due_On__c"]
    [command] = org.rows("SELECT Object__c, Command__c FROM Recruiting_Command__c")
    assert (command["Object__c"], command["Command__c"]) == ("Privacy_Request__c", "Erase")


def test_every_button_is_answered_by_words(app, desk, visitor, ann):
    """Who asked for erasure is not told that the page is being collected, once nothing is left to collect."""
    ask(visitor, desk, own(app, ann), "show")
    corrected = visitor.fill(own(app, ann), action="correct", city="Cork")
    assert "We have your wish" in visitor.get(corrected.headers["location"]).text
    assert "We have your wish" not in visitor.get(own(app, ann)).text
    erased = visitor.fill(own(app, ann), action="erase", sure="yes")
    assert erased.headers["location"] == "/thanks/erasure"
    assert "We are erasing what we hold of you" in visitor.get("/thanks/erasure").text


def test_erasure_takes_what_still_waits_for_a_yes(app, org, desk, visitor, ann):
    ask(visitor, desk, own(app, ann), "email", email="ann@new.example")
    [page] = org.rows("SELECT Id FROM Landing_Page__c")
    app.salesforce.update(LandingPage.API_NAME, page["Id"], {LandingPage.DOUBLE_OPT_IN: True})
    pages.publish(app, page["Id"])
    visitor.fill("/p/night-nurses", ticked=["Talent community"], **ANN | {"last_name": "Typed"})
    desk.work()
    noted = str(list(app.people.query(person_pk(ann))))
    assert "ann@new.example" in noted
    assert "Typed" in noted
    ask(visitor, desk, own(app, ann), "erase", sure="yes")
    erase(app, org.rows("SELECT Id FROM Privacy_Request__c")[0]["Id"])
    assert [item["sk"] for item in app.people.query(person_pk(ann))] == ["suppression"]


def test_every_registration_and_application_is_acknowledged(app, desk, visitor, ann):
    mails = app_queue_messages(app, Queue.MAIL)
    assert sorted(message["campaign"] for message in mails) == ["applied", "registered"]
    [applied] = [message for message in mails if message["campaign"] == "applied"]
    assert applied["recipients"][0]["slots"]["desired_role"] == "Night nurse"


@pytest.mark.parametrize("wanted", [True, False])
def test_a_closed_job_tells_those_who_applied_when_it_is_wanted(app, org, desk, visitor, ann, wanted):
    requisition = org.rows("SELECT Id FROM Job_Requisition__c")[0]["Id"]
    words = {
        "Name": "Closed",
        MessageTemplate.SUBJECT: "{{ desired_role }} is filled",
        MessageTemplate.BODY: "<mj-section><mj-column><mj-text>Thank you, {{ first_name }}.</mj-text>"
        '<mj-button href="{{ confirm_url }}">Similar jobs</mj-button></mj-column></mj-section>',
        MessageTemplate.TEXT: "Thank you, {{ first_name }}. Similar jobs: {{ confirm_url }}",
    }
    template = app.salesforce.create(MessageTemplate.API_NAME, words)
    if wanted:
        app.salesforce.update(JobRequisition.API_NAME, requisition, {JobRequisition.CLOSING_MAIL: template})
    app_queue_messages(app, Queue.MAIL)
    syndication.close_requisition(app, requisition)
    syndication.close_requisition(app, requisition)  # the command came twice
    mails = app_queue_messages(app, Queue.MAIL)
    assert {message["campaign"] for message in mails} == ({"closed"} if wanted else set())
    assert len({message["recipients"][0]["key"] for message in mails}) == (1 if wanted else 0)
    if wanted:
        address = mails[0]["recipients"][0]["slots"]["confirm_url"].removeprefix(app.config.public_base_url)
        desk.work()
        assert visitor.get(address).status == 410


def test_one_address_gets_five_acknowledgements_a_day_at_most(app, desk, ann):
    app_queue_messages(app, Queue.MAIL)
    from integration.model.registration import Kind, Registration
    from integration.registration.writing import known

    person = known(app, candidate_key=ann)
    for number in range(9):
        sent = Registration(f"r{number}", Kind.APPLICATION, app.clock.now().isoformat(), fields=ANN)
        courtesy.thank(app, "applied", person, sent)
    assert len(app_queue_messages(app, Queue.MAIL)) == 4  # one went when Ann applied


def test_who_is_known_applies_in_one_step(app, org, desk, visitor, ann):
    """Nothing is typed again, and nobody is made twice."""
    org.rows("SELECT Id FROM Application__c")
    app.salesforce.delete_many("Application__c", [org.rows("SELECT Id FROM Application__c")[0]["Id"]])
    ask(visitor, desk, own(app, ann), "show")
    door = re.search(r'href="(/apply/[^"]+)"', visitor.get(own(app, ann)).text)[1]
    answer = visitor.fill(door, message="Gladly.")
    assert (answer.status, answer.headers["location"]) == (303, "/thanks/application")
    desk.work()
    desk.work()
    [row] = org.rows("SELECT Stage__c, Candidate__r.Candidate_Key__c FROM Application__c")
    assert row["Stage__c"] == "Applied"
    assert len(org.rows("SELECT Id FROM Candidate__c")) == 1
    assert visitor.get(door[:-3] + "xyz").status == 404


def test_who_is_known_joins_in_one_step_and_nothing_is_shown(app, org, desk, visitor, ann):
    desk.brand(Key__c="other")
    other = desk.page(**{LandingPage.SLUG: "theatre", LandingPage.HEADLINE: "Theatre nurses"})
    pages.publish(app, other)
    desk.work()
    ask(visitor, desk, own(app, ann), "show")
    address = own(app, ann).replace("/preferences/", "/join/").replace("/data", "/theatre")
    assert f'href="{address}"' in visitor.get(own(app, ann)).text
    page = visitor.get(address)
    assert page.headers["cache-control"] == "private, no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    for held in ("Ann", "ann@example.org"):
        assert held not in page.text
    assert visitor.fill(address).status == 400  # agreeing is theirs to do
    assert visitor.fill(address, ticked=["Talent community"]).status == 303
    desk.work()
    assert len(org.rows("SELECT Id FROM Candidate__c")) == 1
    joined = "SELECT State__c FROM Pool_Membership__c WHERE Added_By__c = 'Landing page'"
    assert [row["State__c"] for row in org.rows(joined)] == ["Member", "Member"]
    given = org.rows(f"SELECT Evidence__c, Page__c FROM Consent__c WHERE Page__c = '{other}'")
    assert [row["Evidence__c"][:8] for row in given] == ["One step"]
    assert visitor.get(address.replace("/theatre", "/nowhere")).status == 404
    assert visitor.get("/join/k1.x.y/theatre").status == 404


def test_a_page_that_may_be_kept_says_that_it_depends_on_the_language(visitor, ann):
    german = visitor.get("/", headers={"accept-language": "de"})
    assert "Offene Stellen" in german.text
    assert "Accept-Language" in german.headers["vary"]
    assert german.headers["cache-control"] == "public, max-age=60"


def test_the_boxes_say_what_the_version_of_the_consent_keeps(app, org, visitor, ann):
    reference = org.rows("SELECT Reference__c FROM Job_Posting__c")[0]["Reference__c"]
    text = visitor.get(f"/jobs/{reference}/apply", headers={"accept-language": "de"}).text
    assert "Keep my details and write to me" in text
    assert "Bewerbung senden" in text
