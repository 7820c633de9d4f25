"""Logging in: the token endpoint with the grants that services use, and who a token belongs to."""

import base64
import binascii
import hmac
from typing import Any

import jwt

from integration.local.org.signin.users import user_id_of
from integration.local.org.web import Call, Reply

JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LOGIN_HOSTS = ("https://login.salesforce.com", "https://test.salesforce.com")
_LEEWAY_SECONDS = 180


class _Refused(Exception):
    """RFC 6749 §5.2."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.body = {"error": error, "error_description": description}


def token(call: Call) -> Reply:
    """POST /services/oauth2/token"""
    grants = {
        JWT_GRANT: _by_assertion,
        "client_credentials": _by_client_credentials,
        "refresh_token": _by_refresh_token,
        "password": _by_password,
    }
    try:
        form = call.form()
        grant = grants.get(form.get("grant_type", ""))
        if grant is None:
            raise _Refused("unsupported_grant_type", "grant type not supported")
        return Reply(200, _granted(call, grant(call, form)), {"Cache-Control": "no-cache, no-store"})
    except _Refused as refusal:
        return Reply(400, refusal.body, {"Cache-Control": "no-cache, no-store"})


def _granted(call: Call, username: str) -> dict[str, Any]:
    org = call.org
    user = org.user(username)
    issued_at = str(int(org.now().timestamp() * 1000))
    identity = f"{org.url}/id/{org.id}/{user.id}"
    signature = hmac.digest(org.id.encode(), (identity + issued_at).encode(), "sha256")
    return {
        "access_token": org.issue_token(username),
        "signature": base64.b64encode(signature).decode(),
        "scope": "api",
        "instance_url": org.url,
        "id": identity,
        "token_type": "Bearer",
        "issued_at": issued_at,
        "api_instance_url": org.url,
    }


def _client(call: Call, client_id: str) -> tuple[str | None, str | None, str]:
    with call.org.store.reading() as connection:
        row = connection.execute(
            "SELECT secret, certificate, username FROM _clients WHERE client_id = ?", (client_id,)
        ).fetchone()
    if row is None:
        raise _Refused("invalid_client_id", "client identifier invalid")
    return row[0], row[1], row[2]


def _by_client_credentials(call: Call, form: dict[str, str]) -> str:
    client_id, given = _credentials(call, form)
    secret, _, username = _client(call, client_id)
    if secret is None or not hmac.compare_digest(secret.encode(), given.encode()):
        raise _Refused("invalid_client", "invalid client credentials")
    return username


def _credentials(call: Call, form: dict[str, str]) -> tuple[str, str]:
    kind, _, text = call.headers.get("authorization", "").partition(" ")
    if kind.lower() == "basic":
        try:
            client_id, _, secret = base64.b64decode(text, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise _Refused("invalid_client", "invalid client credentials") from error
        return client_id, secret
    return form.get("client_id", ""), form.get("client_secret", "")


def _by_assertion(call: Call, form: dict[str, str]) -> str:
    assertion = form.get("assertion", "")
    try:
        unproven = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.PyJWTError as error:
        raise _Refused("invalid_grant", "invalid assertion") from error
    _, certificate, _ = _client(call, str(unproven.get("iss", "")))
    if certificate is None:
        raise _Refused("invalid_client", "no certificate is registered for this client")
    claims = _proven(call, assertion, certificate)
    with call.org.store.reading() as connection:
        if not user_id_of(connection, str(claims["sub"])):
            raise _Refused("invalid_grant", "user hasn't approved this consumer")
    return str(claims["sub"])


def _proven(call: Call, assertion: str, certificate: str) -> dict[str, Any]:
    from cryptography.x509 import load_pem_x509_certificate

    key = load_pem_x509_certificate(certificate.encode()).public_key()
    audience = [call.org.url, f"{call.org.url}/services/oauth2/token", *_LOGIN_HOSTS]
    try:
        claims: dict[str, Any] = jwt.decode(
            assertion,
            key,  # type: ignore[arg-type]  # of the types a certificate may hold, RS256 accepts RSA alone
            algorithms=["RS256"],
            audience=audience,
            options={"require": ["iss", "sub", "aud", "exp"], "verify_exp": False, "verify_iat": False},
        )
    except jwt.InvalidAudienceError as error:
        raise _Refused("invalid_grant", "audience is invalid") from error
    except jwt.PyJWTError as error:
        raise _Refused("invalid_grant", "invalid assertion") from error
    # Held against the org's clock, which the product's clock moves.
    if int(claims["exp"]) + _LEEWAY_SECONDS < call.org.now().timestamp():
        raise _Refused("invalid_grant", "expired assertion")
    return claims


def _by_refresh_token(call: Call, form: dict[str, str]) -> str:
    user = call.org.user_of_refresh_token(form.get("refresh_token", ""))
    if user is None:
        raise _Refused("invalid_grant", "expired access/refresh token")
    return user.username


def _by_password(call: Call, form: dict[str, str]) -> str:
    _by_client_credentials(call, form)
    username = form.get("username", "")
    if not call.org.passwords.user_id(username, form.get("password", "")):
        raise _Refused("invalid_grant", "authentication failure")
    return username


def revoke(call: Call) -> Reply:
    """POST /services/oauth2/revoke"""
    call.org.expire_token(call.form().get("token") or call.query.get("token", ""))
    return Reply(200, b"")
