"""Each way in that simple-salesforce knows, and what it does when a session ends."""

from typing import Any

from simple_salesforce.exceptions import SalesforceAuthenticationFailed
from simple_salesforce.login import SalesforceLogin

from integration.local.fidelity._calls import Calls, holds, refused, same
from integration.local.fidelity.simple_salesforce._world import World

LOGINS: Calls[World] = Calls()
ADMIN = "admin@warmbench.local"


def _is(sf: Any, username: str) -> None:
    same(sf.oauth2("userinfo")["preferred_username"], username, "who is logged in")


@LOGINS("Salesforce (session and instance)")
def by_session(world: World) -> None:
    _is(world.login(session_id=world.org.token, instance_url=world.org.url), ADMIN)
    instance = world.org.url.removeprefix("http://")
    _is(world.login(session_id=world.org.token, instance=instance), ADMIN)


@LOGINS("Salesforce (password and security token)")
def by_password(world: World) -> None:
    _is(world.login(username=ADMIN, password=world.org.password, security_token=""), ADMIN)


@LOGINS("Salesforce (password and organization)")
def by_password_from_trusted_addresses(world: World) -> None:
    _is(world.login(username=ADMIN, password=world.org.password, organizationId=world.org.org_id), ADMIN)


@LOGINS("Salesforce (OAuth password)")
def by_password_grant(world: World) -> None:
    client = {"consumer_key": world.org.client_id, "consumer_secret": world.org.client_secret}
    _is(world.login(username=ADMIN, password=world.org.password, **client), ADMIN)


@LOGINS("Salesforce (JWT bearer)")
def by_assertion(world: World) -> None:
    client = {"consumer_key": world.org.client_id, "privatekey_file": str(world.key_file)}
    _is(world.login(username="recruiter@warmbench.local", **client), "recruiter@warmbench.local")


@LOGINS("Salesforce (client credentials)")
def by_client_credentials(world: World) -> None:
    _is(world.service, "integration@warmbench.local")


@LOGINS("Salesforce (expired session is renewed)")
def expired_session(world: World) -> None:
    sf = world.login(username=ADMIN, password=world.org.password, security_token="")
    old = sf.session_id
    sf.oauth2("revoke", {"token": old})
    same(sf.query("SELECT Id FROM Organization")["totalSize"], 1)
    holds(sf.session_id != old, "the session was not renewed")
    sf.oauth2("revoke", {"token": sf.session_id})
    # A type made before the end holds the old token; a new one asks anew.
    same(sf.Organization.metadata()["objectDescribe"]["name"], "Organization")


@LOGINS("SalesforceLogin")
def login_alone(world: World) -> None:
    token, instance = SalesforceLogin(
        username=ADMIN, password=world.org.password, session=world.session, domain="test", sf_version="62.0"
    )
    same(instance, world.org.url.removeprefix("http://"))
    _is(world.login(session_id=token, instance=instance), ADMIN)


@LOGINS("SalesforceLogin (scratch address)")
def login_at_an_address(world: World) -> None:
    token, _ = SalesforceLogin(
        username=ADMIN, password=world.org.password, session=world.session, scratch_url=world.org.url
    )
    holds(token.startswith(world.org.org_id[:15] + "!"), f"the token begins with {token[:16]}")


@LOGINS("SalesforceAuthenticationFailed")
def wrong_password(world: World) -> None:
    soap = refused(
        SalesforceAuthenticationFailed, lambda: world.login(username=ADMIN, password="wrong", security_token="")
    )
    same((soap.code, soap.auth_message[:27]), ("INVALID_LOGIN", "Invalid username, password,"))
    client = {"consumer_key": world.org.client_id, "consumer_secret": world.org.client_secret}
    grant = refused(SalesforceAuthenticationFailed, lambda: world.login(username=ADMIN, password="wrong", **client))
    same((grant.code, grant.auth_message), ("invalid_grant", "authentication failure"))
    stranger = {"consumer_key": "stranger", "privatekey_file": str(world.key_file)}
    unknown = refused(SalesforceAuthenticationFailed, lambda: world.login(username=ADMIN, **stranger))
    same(unknown.code, "invalid_client_id")
