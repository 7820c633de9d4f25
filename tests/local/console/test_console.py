"""The console over the embedded org in process: what a recruiter sees and does."""

import re
from io import BytesIO

import pytest
from werkzeug.test import Client

from integration.local.console.drawing import draw
from integration.local.console.org import OrgRest
from integration.local.console.server import Console
from integration.local.places import ROOT


@pytest.fixture(scope="module")
def drawing():
    return draw(ROOT / "sf_metadata" / "main" / "default")


@pytest.fixture
def client(org, drawing):
    return Client(
        Console(drawing, OrgRest(org.url, org.token_of("admin"), org.session), {"Mailbox": "http://127.0.0.1:1"})
    )


def made(client, object_name, **values):
    answer = client.post(f"/o/{object_name}/new", data=values)
    assert answer.status_code == 303, re.findall(r'class="(?:error|problem)".*', answer.text)
    return answer.headers["location"]


def test_every_tab_has_a_list_that_opens(client, drawing):
    for name in drawing.tabs:
        assert client.get(f"/o/{name}").status_code == 200


def test_every_list_view_of_the_metadata_can_be_asked_of_the_org(client, drawing):
    for name, views in drawing.views.items():
        for view in views:
            answer = client.get(f"/o/{name}?view={view.name}")
            assert answer.status_code == 200, (name, view.name, answer.text)


def test_a_browser_that_asks_for_an_icon_is_told_of_no_mistake(client):
    assert client.get("/favicon.ico").status_code == 204


def test_every_object_has_a_form(client, drawing):
    for name, found in drawing.schema.objects.items():
        if not found.is_event:
            assert client.get(f"/o/{name}/new").status_code == 200


def test_a_record_is_made_shown_and_changed(client):
    path = made(client, "Talent_Pool__c", Name="Nurses", Kind__c="Static")
    assert "Nurses" in client.get(path).text
    client.post(f"{path}/edit", data={"Name": "Theatre nurses", "Kind__c": "Static"})
    assert "Theatre nurses" in client.get("/o/Talent_Pool__c").text


def test_a_choice_is_shown_by_its_label(client):
    path = made(client, "Job_Requisition__c", Name="R", Title__c="Nurse", Employment_Type__c="FULL_TIME")
    shown = client.get(path).text
    assert "Full-time" in shown
    assert "FULL_TIME" not in shown


def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(client):
    answer = client.post(
        "/o/Recruiting_Campaign__c/new", data={"Name": "Mine", "Kind__c": "Blast", "Throttle__c": "-1"}
    )
    assert answer.status_code == 400
    assert re.search(r'class="error">Mails a second', answer.text)
    assert '<a href="#Throttle__c">Mails a second</a>: Mails a second must be' in answer.text  # said at the top, too
    assert 'value="Mine"' in answer.text


def test_a_command_is_set_and_shown_as_on_its_way(client):
    path = made(client, "Job_Requisition__c", Name="R", Title__c="Nurse", Description__c="<p>Care</p>")
    assert client.post(f"{path}/command", data={"command": "Open"}).status_code == 303
    assert "is on its way" in client.get(path).text
    assert "Open" in client.get("/").text


def test_a_file_is_attached_and_given_back_unchanged(client):
    path = made(client, "Candidate_Import__c", Name="Fair")
    data = "Name\nJürgen\n".encode("utf-16")
    client.post(f"{path}/file", data={"file": (BytesIO(data), "../people.csv")})
    page = client.get(path).text
    assert "people.csv" in page
    assert client.get(re.search(r'href="(/file/\w+)"', page).group(1)).data == data


def test_text_of_records_is_never_markup(client):
    path = made(client, "Talent_Pool__c", Name="<script>alert(1)</script>", Kind__c="Static")
    assert "<script>alert" not in client.get(path).text + client.get("/o/Talent_Pool__c").text


@pytest.mark.parametrize("path", ["/o/Nope__c", "/r/Candidate__c/short", "/r/Candidate__c/a09000000000000AAA", "/x"])
def test_what_is_not_there_is_said_in_words(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "<h1>" in answer.text


def test_a_search_cannot_leave_its_quotes(client):
    made(client, "Talent_Pool__c", Name="O'Brien's 100%_pool\\", Kind__c="Static")
    for text, found in (("O'Brien", True), ("100%_pool\\", True), ("' OR Name != '", False), ("100x", False)):
        page = client.get("/o/Talent_Pool__c", query_string={"q": text}).text
        assert ("Brien" in page.split("</form>")[-1]) is found


def test_other_web_pages_are_kept_out(client):
    assert client.post("/o/Talent_Pool__c/new", headers={"origin": "https://evil.example"}).status_code == 403
    assert client.get("/", headers={"host": "evil.example"}).status_code == 403


def test_a_link_from_outside_opens_the_form_filled_in(client):
    address = "/lightning/o/Quick_Add__c/new?defaultFieldValues=Full_Name__c=Ada%20O%2CNeil%20%26%20Co,Title__c=Nurse"
    page = client.get(address, follow_redirects=True).text
    assert 'value="Ada O,Neil &amp; Co"' in page
    assert 'value="Nurse"' in page


def test_several_words_of_a_picklist_are_chosen_and_shown(client):
    path = made(client, "Prospect_Search__c", Name="S", Query__c="nurse", Sources__c=["ORCID", "GitHub"])
    assert "ORCID" in client.get(path).text
    form = client.get(f"{path}/edit").text
    assert '<option value="GitHub" selected>' in form
    assert '<option value="OpenAlex">' in form


def test_a_box_that_starts_ticked_is_ticked_in_a_new_form(client):
    page = client.get("/o/Prospect_Search__c/new").text
    assert re.search(r'name="Rank__c" value="true" checked', page)
    assert re.search(r'name="Auto_Load__c" value="true">', page)


def test_rich_text_is_shown_as_such_and_runs_nothing(client):
    text = "<p><b>Wanted</b></p><script>alert(1)</script><img src=x onerror=alert(1)>"
    path = made(client, "Job_Requisition__c", Name="R", Title__c="Nurse", Description__c=text)
    shown = client.get(path).text
    assert "<b>Wanted</b>" in shown
    assert "alert(1)" not in shown
