"""Where the org stands, as its sign-in tells it: what may frame a draft follows from it."""

import responses

from integration.adapters.salesforce import connect
from integration.model import org_hosts

SECRET = {"login_url": "https://login.salesforce.com", "client_id": "app", "client_secret": "s3cret"}


@responses.activate
def test_the_home_is_what_the_sign_in_tells_and_not_where_it_signed_in():
    told = {"access_token": "t1", "instance_url": "https://acme--uat.sandbox.my.salesforce.com"}
    responses.post("https://login.salesforce.com/services/oauth2/token", json=told)
    org = connect(SECRET)
    assert org.home() == "https://acme--uat.sandbox.my.salesforce.com"
    assert "https://acme--uat.sandbox.lightning.force.com" in org_hosts.origins(org.home())


@responses.activate
def test_an_org_on_this_machine_says_that_it_speaks_http():
    local = "http://127.0.0.1:9999"
    responses.post(f"{local}/services/oauth2/token", json={"access_token": "t1", "instance_url": local})
    org = connect({**SECRET, "login_url": local})
    assert org.home() == local
    assert org_hosts.origins(org.home()) == [local]
