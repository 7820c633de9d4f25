"""Logging in by the three grants, and what a token is worth."""

from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@pytest.fixture(scope="module")
def pair():
    """A private key and its certificate, both PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "warmbench")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode()


@pytest.fixture
def login(small, pair):
    small.app.register_client("service", certificate=pair[1])
    small.app.register_client("script", secret="s3cret:%", username="integration")

    def post(auth=None, **form):
        return small.session.post(f"{small.url}/services/oauth2/token", data=form, auth=auth)

    return post


def assertion(small, pair, **changes):
    claims = {"iss": "service", "sub": "recruiter@warmbench.local", "aud": "https://login.salesforce.com"}
    claims |= {"exp": int(small.app.now().timestamp()) + 180} | changes
    return jwt.encode(claims, pair[0], algorithm="RS256")


def test_assertion_buys_a_token_of_its_subject(small, login, pair):
    answer = login(grant_type=JWT_GRANT, assertion=assertion(small, pair))
    body = answer.json()
    assert answer.status_code == 200
    assert (body["token_type"], body["instance_url"]) == ("Bearer", small.url)
    assert body["access_token"].startswith("00D000000000001!")
    info = small.call("GET", "/services/oauth2/userinfo", token=body["access_token"]).json()
    assert info["preferred_username"] == "recruiter@warmbench.local"
    assert body["id"] == f"{small.url}/id/{info['organization_id']}/{info['user_id']}"


@pytest.mark.parametrize(
    ("changes", "error", "description"),
    [
        ({"exp": 1_000_000_000}, "invalid_grant", "expired assertion"),
        ({"aud": "https://elsewhere.example"}, "invalid_grant", "audience is invalid"),
        ({"sub": "nobody@warmbench.local"}, "invalid_grant", "user hasn't approved this consumer"),
        ({"iss": "unknown"}, "invalid_client_id", "client identifier invalid"),
    ],
)
def test_bad_assertion_is_refused(small, login, pair, changes, error, description):
    answer = login(grant_type=JWT_GRANT, assertion=assertion(small, pair, **changes))
    assert (answer.status_code, answer.json()) == (400, {"error": error, "error_description": description})


def test_assertion_signed_by_another_key_is_refused(small, login, pair):
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    claims = jwt.decode(assertion(small, pair), options={"verify_signature": False})
    for forged in (jwt.encode(claims, other, algorithm="RS256"), jwt.encode(claims, "", algorithm="none"), "x.y.z", ""):
        answer = login(grant_type=JWT_GRANT, assertion=forged)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_assertion_is_held_against_the_orgs_clock(small, login, pair):
    expires = int(small.app.now().timestamp()) + 180
    small.app.set_clock(86_400)
    answer = login(grant_type=JWT_GRANT, assertion=assertion(small, pair, exp=expires))
    assert answer.json()["error_description"] == "expired assertion"


@pytest.mark.parametrize("in_header", [True, False])
def test_client_credentials(small, login, in_header):
    where = {"auth": ("script", "s3cret:%")} if in_header else {"client_id": "script", "client_secret": "s3cret:%"}
    token = login(grant_type="client_credentials", **where).json()["access_token"]
    info = small.call("GET", "/services/oauth2/userinfo", token=token).json()
    assert info["preferred_username"] == "integration@warmbench.local"


@pytest.mark.parametrize("client", ["script", "service", "nobody", ""])
def test_wrong_client_credentials_are_refused(login, client):
    answer = login(grant_type="client_credentials", client_id=client, client_secret="")
    assert answer.status_code == 400
    assert answer.json()["error"] in ("invalid_client", "invalid_client_id")


def test_refresh_token_buys_access_tokens(small, login):
    refresh = small.app.issue_refresh_token("recruiter")
    token = login(grant_type="refresh_token", refresh_token=refresh).json()["access_token"]
    assert small.call("GET", "limits", token=token).status_code == 200
    assert small.call("GET", "limits", token=refresh).status_code == 401
    refused = login(grant_type="refresh_token", refresh_token=token).json()
    assert refused == {"error": "invalid_grant", "error_description": "expired access/refresh token"}


def test_unknown_grant_is_refused(login):
    assert login(grant_type="device").json()["error"] == "unsupported_grant_type"
    assert login().json()["error"] == "unsupported_grant_type"


@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Bearer 00D000000000001!wrong"}, {"Authorization": "Basic x"}]
)
def test_without_a_session_nothing_is_served(small, header):
    answer = small.session.get(f"{small.url}/services/data/v62.0/sobjects", headers=header)
    error = {"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}
    assert (answer.status_code, answer.json()) == (401, [error])


def test_list_of_versions_needs_no_session(small):
    versions = small.session.get(f"{small.url}/services/data").json()
    assert {"label", "url", "version"} == set(versions[0])
    assert {"label": "Spring '24", "url": "/services/data/v60.0", "version": "60.0"} in versions


def test_ended_session_is_worth_nothing(small):
    small.app.expire_token(small.token)
    assert small.call("GET", "limits").status_code == 401


def test_token_of_a_user_made_inactive_is_worth_nothing(small):
    token = small.app.issue_token("recruiter")
    user = small.app.user("recruiter")
    small.sf.User.update(user.id, {"IsActive": False})
    assert small.call("GET", "limits", token=token).status_code == 401
