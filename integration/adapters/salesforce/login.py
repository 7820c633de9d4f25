"""Sign-in by JWT bearer (a private key) or client credentials (a client secret), by simple-salesforce."""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import jwt
from simple_salesforce.api import Salesforce as Client
from simple_salesforce.exceptions import SalesforceAuthenticationFailed
from simple_salesforce.login import token_login

from integration.adapters.salesforce.faults import SalesforceFault
from integration.adapters.salesforce.transport import Transport

API_VERSION = "63.0"
ASSERTION_LIFE = timedelta(minutes=3)  # the longest Salesforce takes
_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def sign_in(secret: Mapping[str, str], transport: Transport) -> Client:
    """A client with a fresh session. It has no way to sign in by itself, so it cannot loop."""
    login_url = secret["login_url"].rstrip("/")
    data, headers = _grant(secret, login_url)
    try:
        token, instance = token_login(
            f"{login_url}/services/oauth2/token",
            data,
            urlsplit(login_url).netloc,
            secret["client_id"],
            headers,
            None,
            transport,
        )
    except SalesforceAuthenticationFailed as error:
        # invalid_grant and its like: a wrong secret stays wrong, so this is never repeated.
        raise SalesforceFault(_reason(error), "the sign-in") from None
    if login_url.startswith("http://"):
        transport.allow_plain_http(instance)
    client = Client(session_id=token, instance=instance, session=transport, version=API_VERSION, object_pairs_hook=None)
    client.headers.pop("X-PrettyPrint")  # indentation is a third of a large answer
    return client


def _grant(secret: Mapping[str, str], login_url: str) -> tuple[dict[str, str], dict[str, str] | None]:
    if "private_key" in secret:
        return {"grant_type": _JWT_BEARER, "assertion": _assertion(secret, login_url)}, None
    pair = f"{secret['client_id']}:{secret['client_secret']}"
    return {"grant_type": "client_credentials"}, {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def _assertion(secret: Mapping[str, str], login_url: str) -> str:
    claims = {
        "iss": secret["client_id"],
        "sub": secret["username"],
        # A My Domain address signs in, but the audience is the general host; a secret may say so.
        "aud": secret.get("audience", login_url),
        "exp": int((datetime.now(UTC) + ASSERTION_LIFE).timestamp()),
    }
    return jwt.encode(claims, secret["private_key"], algorithm="RS256")


def _reason(error: SalesforceAuthenticationFailed) -> str:
    """The OAuth error's name or the status; its description may quote the user."""
    return str(getattr(error, "code", None) or getattr(error, "status", None) or "no reason given")
