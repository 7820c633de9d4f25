"""Tell a friend: personal links, what comes of them, and the one invitation by mail."""

import re
from urllib.parse import urlsplit

import pytest

from integration import own_page
from integration.model import link
from integration.model.link import Purpose
from integration.model.registration import Kind, Registration
from integration.ports import Queue
from integration.privacy.erasing import erase
from integration.records import Candidate, Channel, PrivacyRequest
from integration.sending.suppression import Reason, suppress, why_not
from lambdas.track import answer
from tests.app_fixture import app_sent_mail
from tests.unit.mail.story import deliver
from tests.unit.site.visitor import http_event

ANN = {"first_name": "Ann", "last_name": "Lee", "email": "ann@example.org"}
BOB = {"first_name": "Bob", "last_name": "Roe", "email": "bob@example.org"}
REFERRALS = (
    "SELECT Referrer__c, Candidate__r.First_Name__c, Requisition__c, Bonus_State__c, Explanation__c, Shared__c, "
    "Expires_On__c FROM Referral__c ORDER BY Name"
)


class Friends:
    """Ann, who applied and recommends, and what others do with her links."""

    def __init__(self, app, org, desk, visitor):
        self.app, self.org, self.desk, self.visitor = app, org, desk, visitor
        desk.brand()
        self.requisition, self.posting = desk.live_job()
        self.channel = desk.channel("referrals", adapter="", **{"Name": "Friends", Channel.KIND: "Referral"})
        self.reference = org.rows("SELECT Reference__c FROM Job_Posting__c")[0]["Reference__c"]
        visitor.fill(f"/jobs/{self.reference}/apply", **ANN)
        desk.work()
        person = org.rows("SELECT Id, Candidate_Key__c FROM Candidate__c")[0]
        self.ann, self.key = person["Id"], person["Candidate_Key__c"]
        self.page = f"/recommend/{app.links.sign(Purpose.PREFERENCES, {link.CANDIDATE: self.key})}"

    def links(self):
        """(link to all jobs, link to the job), as the page shows them."""
        self.visitor.fill(self.page, action="show")
        self.desk.work()
        found = re.findall(r'readonly dir="ltr" value="([^"]+)"', self.visitor.get(self.page).text)
        return found[0], found[1]

    def follow(self, address):
        """Where a visitor ends who follows a personal link: path and query of our own page."""
        moved = self.visitor.get(urlsplit(address).path)
        assert moved.status == 302
        return self.track(moved.headers["location"])

    def track(self, address):
        reply = answer(self.app, http_event("GET", address))
        assert reply["statusCode"] == 302
        parts = urlsplit(reply["headers"]["location"])
        return f"{parts.path}?{parts.query}"

    def applies(self, personal, *, tell=True, **typed):
        page = self.follow(personal)
        query = page.partition("?")[2]
        more = {"tell": "yes"} if tell else {}
        self.visitor.fill(f"/jobs/{self.reference}/apply?{query}", **{**BOB, **typed}, **more)
        self.desk.work()

    def invites(self, email="bob@example.org", **more):
        typed = {"action": "invite", "first_name": "Bobby", "email": email, "may": "yes", "job": self.reference}
        answer = self.visitor.fill(self.page, **{**typed, **more})
        self.desk.work()
        deliver(self.app, Queue.MAIL)
        return answer

    def invitations(self):
        return [mail for mail in app_sent_mail(self.app) if "recommends" in mail["Subject"]]


@pytest.fixture
def friends(app, org, desk, visitor):
    return Friends(app, org, desk, visitor)


def test_personal_link_leads_to_the_job_and_its_apply_makes_a_referral(friends, org):
    _, personal = friends.links()
    assert "ann" not in personal.lower()
    assert friends.follow(personal).startswith(f"/jobs/{friends.reference}?wb=")
    friends.applies(personal)
    [row] = org.rows(REFERRALS)
    assert (row["Referrer__c"], row["Candidate__r"]["First_Name__c"]) == (friends.ann, "Bob")
    assert (row["Requisition__c"], row["Bonus_State__c"]) == (friends.requisition, "Eligible")
    touches = org.rows("SELECT Kind__c, Channel__c FROM Touchpoint__c WHERE Candidate__r.First_Name__c = 'Bob'")
    assert {(one["Kind__c"], one["Channel__c"]) for one in touches} == {
        ("Applied", friends.channel),
        ("Referred", friends.channel),
    }
    [bob] = org.rows("SELECT First_Source__c FROM Candidate__c WHERE First_Name__c = 'Bob'")
    assert bob["First_Source__c"] == friends.channel


def test_link_to_all_jobs_carries_on_to_each_job(friends):
    general, _ = friends.links()
    home = friends.follow(general)
    assert home.startswith("/?wb=")
    assert f'href="/jobs/{friends.reference}?wb=' in friends.visitor.get(home).text
    picture = friends.visitor.get(f"{urlsplit(general).path}.svg")
    assert (picture.status, picture.headers["content-type"]) == (200, "image/svg+xml")


def test_person_who_uses_their_own_link_is_told_that_it_does_not_count(friends, org):
    _, personal = friends.links()
    friends.applies(personal, **ANN)
    [row] = org.rows(REFERRALS)
    assert row["Bonus_State__c"] == "Not eligible"
    assert row["Explanation__c"] == "Nobody can recommend themselves: it is one record."


def test_second_application_by_the_link_adds_nothing(friends, org):
    _, personal = friends.links()
    friends.applies(personal, tell=False)
    friends.applies(personal, phone="+353861234567")
    [row] = org.rows(REFERRALS)
    assert row["Shared__c"] is True


@pytest.mark.parametrize("tell", [True, False])
def test_page_lists_a_friend_only_with_their_yes(friends, tell):
    _, personal = friends.links()
    friends.applies(personal, tell=tell)
    friends.links()
    text = friends.visitor.get(friends.page).text
    assert ("Bob" in text) is tell
    assert ("Applied" in text) is tell
    assert "Roe" not in text
    assert "bob@example.org" not in text


def test_form_asks_about_telling_only_who_came_recommended(friends):
    assert 'name="tell"' not in friends.visitor.get(f"/jobs/{friends.reference}/apply").text
    _, personal = friends.links()
    query = friends.follow(personal).partition("?")[2]
    assert 'name="tell"' in friends.visitor.get(f"/jobs/{friends.reference}/apply?{query}").text


def test_links_of_somebody_who_was_erased_lead_on_and_bring_nobody_anything(friends, org):
    _, personal = friends.links()
    values = {PrivacyRequest.CANDIDATE: friends.ann, PrivacyRequest.KIND: "Erasure"}
    erase(friends.app, friends.app.salesforce.create(PrivacyRequest.API_NAME, values))
    friends.applies(personal)
    assert org.rows(REFERRALS) == []
    assert len(org.rows("SELECT Id FROM Application__c")) == 1


def test_forged_links_are_not_found(friends):
    _, personal = friends.links()
    for path in (urlsplit(personal).path, friends.page):
        assert friends.visitor.get(path[:-3] + "xyz").status == 404
    assert friends.visitor.get("/invited/x").status == 404


def test_without_a_programme_the_page_says_so(friends):
    friends.app.salesforce.update(Channel.API_NAME, friends.channel, {Channel.ACTIVE: False})
    friends.visitor.fill(friends.page, action="show")
    friends.desk.work()
    assert "no programme for recommendations at present" in friends.visitor.get(friends.page).text


def test_invitation_is_one_mail_that_names_who_recommends_and_stores_nobody(friends, org):
    friends.links()
    assert friends.invites().status == 303
    friends.invites()
    [mail] = friends.invitations()
    assert mail["To"] == "bob@example.org"
    assert mail["Subject"] == "Ann Lee recommends Lee Hospitals to you"
    text = mail.get_body(("plain",)).get_content()
    assert "Ann Lee gave us your address" in text
    assert "Bobby" not in text
    assert mail["List-Unsubscribe"] is None
    assert len(org.rows("SELECT Id FROM Candidate__c")) == 1
    friends.links()
    assert "Bobby" in friends.visitor.get(friends.page).text


def test_invited_friend_who_comes_is_the_referrers(friends, org):
    friends.links()
    friends.invites()
    [mail] = friends.invitations()
    address = re.search(r"https://jobs\S+/invited/\S+", mail.get_body(("plain",)).get_content()).group()
    page = friends.visitor.get(urlsplit(address).path)
    onward = re.search(r'href="([^"]+/c/[^"]+)"', page.text).group(1)
    query = friends.track(onward).partition("?")[2]
    friends.visitor.fill(f"/jobs/{friends.reference}/apply?{query}", **BOB)
    friends.desk.work()
    assert [row["Bonus_State__c"] for row in org.rows(REFERRALS)] == ["Eligible"]
    friends.links()
    text = friends.visitor.get(friends.page).text
    assert "Bobby" not in text  # came, and has not agreed to be told of


def test_no_thank_you_holds_for_every_mail(friends):
    friends.links()
    friends.invites()
    [mail] = friends.invitations()
    address = urlsplit(re.search(r"https://jobs\S+/invited/\S+", mail.get_body(("plain",)).get_content()).group()).path
    assert friends.visitor.get(address).status == 200
    assert why_not(friends.app, "somebody", "bob@example.org") is None
    assert friends.visitor.post(address, {}).status == 303
    friends.desk.work()
    assert why_not(friends.app, "somebody", "BOB@example.org") is Reason.UNSUBSCRIBED


@pytest.mark.parametrize("why", ["unsubscribed", "do not contact"])
def test_nobody_is_invited_who_does_not_want_mail(friends, why):
    _, personal = friends.links()
    friends.applies(personal)
    [bob] = friends.org.rows("SELECT Id, Candidate_Key__c FROM Candidate__c WHERE First_Name__c = 'Bob'")
    if why == "unsubscribed":
        suppress(friends.app, bob["Candidate_Key__c"], Reason.UNSUBSCRIBED, friends.app.clock.now())
    else:
        friends.app.salesforce.update(Candidate.API_NAME, bob["Id"], {Candidate.DO_NOT_CONTACT: True})
    assert friends.invites().status == 303
    assert friends.invitations() == []


def test_nobody_invites_more_people_than_the_limit(friends):
    friends.links()
    for number in range(5):
        friends.invites(f"friend{number}@example.org")
    sixth = {"action": "invite", "email": "friend6@example.org", "first_name": "Six"}
    at = friends.app.clock.now().isoformat()
    own_page.carry_out(friends.app, Registration("r6", Kind.OWN_PAGE, at, candidate=friends.key, fields=sixth))
    deliver(friends.app, Queue.MAIL)
    assert len(friends.invitations()) == 5
    text = friends.visitor.get(friends.page).text
    assert "You have invited as many people as we take at once" in text
    friends.app.clock.move(hours=25)
    friends.links()
    assert "You can invite 5 more people just now." in friends.visitor.get(friends.page).text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"may": ""}, "Tick the box when you know"),
        ({"email": "nobody"}, "That is not an e-mail address"),
        ({"first_name": "see www.evil.example"}, "cannot hold a web address"),
        ({"action": "x"}, "Press one of the buttons"),
    ],
)
def test_wrong_invitations_are_explained_and_nothing_is_sent(friends, typed, words):
    friends.links()
    page = friends.invites(**typed)
    assert page.status == 400
    assert words in page.text
    assert friends.invitations() == []
