"""Logging in by name and password: SOAP, the OAuth grant, and passwords of one's own."""

from xml.dom.minidom import parseString

import pytest
from simple_salesforce import Salesforce, SalesforceAuthenticationFailed

ADMIN = "admin@warmbench.local"
ENVELOPE = """<?xml version="1.0" encoding="utf-8"?>{doctype}
<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:p="urn:partner.soap.sforce.com">
<e:Header>{header}</e:Header><e:Body>{body}</e:Body></e:Envelope>"""


def login(username, password):
    return f"<p:login><p:username>{username}</p:username><p:password>{password}</p:password></p:login>"


@pytest.fixture
def soap(small):
    def post(body, header="", doctype="", path="/services/Soap/u/59.0"):
        envelope = ENVELOPE.format(body=body, header=header, doctype=doctype)
        answer = small.session.post(small.url + path, data=envelope.encode(), headers={"Content-Type": "text/xml"})
        return answer.status_code, parseString(answer.content)

    return post


def text_of(document, name):
    return document.getElementsByTagName(name)[0].firstChild.nodeValue


def fault(answer):
    status, document = answer
    return status, text_of(document, "sf:exceptionCode"), text_of(document, "sf:exceptionMessage")


def test_soap_login_gives_a_session(small, soap):
    status, document = soap(login(ADMIN, small.app.passwords.shared()))
    assert (status, text_of(document, "serverUrl")) == (200, f"{small.url}/services/Soap/u/59.0/00D000000000001")
    assert small.call("GET", "limits", token=text_of(document, "sessionId")).status_code == 200


@pytest.mark.parametrize("username", [ADMIN, "nobody@warmbench.local", ""])
def test_wrong_password_is_refused_as_soap_says(soap, username):
    status, code, message = fault(soap(login(username, "wrong")))
    assert (status, code) == (500, "INVALID_LOGIN")
    assert message == "Invalid username, password, security token; or user locked out."


def test_inactive_user_cannot_log_in(small, soap):
    small.sf.User.update(small.app.user("recruiter").id, {"IsActive": False})
    assert fault(soap(login("recruiter@warmbench.local", small.app.passwords.shared())))[1] == "INVALID_LOGIN"


def test_soap_logout_ends_the_session(small, soap):
    header = f"<p:SessionHeader><p:sessionId>{small.token}</p:sessionId></p:SessionHeader>"
    assert soap("<p:logout/>", header)[0] == 200
    assert small.call("GET", "limits").status_code == 401
    assert fault(soap("<p:logout/>", header))[1] == "INVALID_SESSION_ID"


@pytest.mark.parametrize(
    ("body", "doctype"),
    [
        ("<p:login>&x;</p:login>", '<!DOCTYPE e [<!ENTITY x "y">]>'),
        ("<p:login>&x;</p:login>", '<!DOCTYPE e [<!ENTITY x SYSTEM "file:///etc/hostname">]>'),
        ("<p:login>", ""),
        ("", ""),
        ("<login/>", ""),
        (login(ADMIN, "x" * 70_000), ""),
    ],
)
def test_soap_that_cannot_be_trusted_is_refused(soap, body, doctype):
    status, code, message = fault(soap(body, doctype=doctype))
    assert (status, code) in [(500, "UNKNOWN_EXCEPTION"), (500, "EXCEEDED_MAX_SIZE_REQUEST")]
    assert message


def test_other_soap_calls_are_refused_loudly(soap, capsys):
    assert fault(soap("<p:merge/>"))[1] == "FUNCTIONALITY_NOT_ENABLED"
    assert "SOAP call merge" in capsys.readouterr().err


def test_password_grant_needs_client_and_password(small):
    small.app.register_client("script", secret="s3cret")
    form = {"grant_type": "password", "client_id": "script", "client_secret": "s3cret", "username": ADMIN}

    def grant(**changes):
        return small.session.post(f"{small.url}/services/oauth2/token", data={**form, **changes}).json()

    password = small.app.passwords.shared()
    assert small.call("GET", "limits", token=grant(password=password)["access_token"]).status_code == 200
    refusal = {"error": "invalid_grant", "error_description": "authentication failure"}
    assert grant(password="wrong") == refusal
    assert grant(password=password, username="nobody@warmbench.local") == refusal
    assert grant(password=password, client_secret="wrong")["error"] == "invalid_client"


def test_own_password_replaces_the_shared_one(small, soap):
    recruiter = small.app.user("recruiter")
    assert small.sf.set_password(recruiter.id, "a p&ssword of one's own") is None
    assert fault(soap(login(recruiter.username, small.app.passwords.shared())))[1] == "INVALID_LOGIN"
    assert soap(login(recruiter.username, "a p&amp;ssword of one's own"))[0] == 200
    assert soap(login(ADMIN, small.app.passwords.shared()))[0] == 200


def test_reset_password_is_told(small, soap):
    recruiter = small.app.user("recruiter")
    password = small.call("DELETE", f"sobjects/User/{recruiter.id}/password").json()["NewPassword"]
    assert soap(login(recruiter.username, password))[0] == 200
    assert small.call("GET", f"sobjects/User/{recruiter.id}/password").json() == {"isExpired": False}


def test_only_an_admin_sets_the_passwords_of_others(small):
    token = small.app.issue_token("recruiter")
    for kind, status in (("admin", 403), ("recruiter", 204)):
        path = f"sobjects/User/{small.app.user(kind).id}/password"
        answer = small.call("POST", path, token=token, json={"NewPassword": "long enough"})
        assert answer.status_code == status


@pytest.mark.parametrize("password", ["short", "", None, 12345678])
def test_too_short_a_password_is_refused(small, password):
    path = f"sobjects/User/{small.app.user('recruiter').id}/password"
    answer = small.call("POST", path, json={"NewPassword": password})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "INVALID_NEW_PASSWORD")


def test_simple_salesforce_says_why_a_login_failed(small):
    small.session.mount("https://login.salesforce.com", small.session.get_adapter(small.url))
    with pytest.raises(SalesforceAuthenticationFailed, match="INVALID_LOGIN"):
        Salesforce(username=ADMIN, password="wrong", security_token="", session=small.session)
    logged_in = Salesforce(
        username=ADMIN, password=small.app.passwords.shared(), security_token="", session=small.session
    )
    assert logged_in.query("SELECT Id FROM User WHERE Username = 'admin@warmbench.local'")["totalSize"] == 1
