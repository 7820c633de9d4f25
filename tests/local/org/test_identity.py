"""What clients ask before they begin: who they are, what the org is, what it serves, what it allows."""

import pytest

KEYS = {  # as the public documentation lists them
    "userinfo": (
        "sub user_id organization_id preferred_username nickname name email email_verified given_name family_name"
        " zoneinfo photos profile picture address is_salesforce_integration_user urls active user_type language locale"
        " utcOffset updated_at is_app_installed"
    ),
    "identity": (
        "id asserted_user user_id organization_id username nick_name display_name email email_verified first_name"
        " last_name timezone photos addr_street addr_city addr_state addr_country addr_zip mobile_phone"
        " mobile_phone_verified is_lightning_login_user status urls active user_type language locale utcOffset"
        " last_modified_date is_app_installed"
    ),
}
URLS = (
    "enterprise metadata partner rest sobjects search query recent tooling_soap tooling_rest profile feeds groups users"
    " feed_items custom_domain"
)


def test_userinfo_tells_of_the_user(small):
    info = small.call("GET", "/services/oauth2/userinfo", token=small.app.issue_token("recruiter")).json()
    assert sorted(info) == sorted(KEYS["userinfo"].split())
    assert sorted(info["urls"]) == sorted(URLS.split())
    assert (info["preferred_username"], info["family_name"]) == ("recruiter@warmbench.local", "Recruiter")
    assert (info["user_type"], info["active"], info["zoneinfo"], info["utcOffset"]) == (
        "STANDARD",
        True,
        "Europe/Dublin",
        0,
    )


def test_identity_is_where_the_login_says(small):
    info = small.call("GET", "/services/oauth2/userinfo").json()
    me = small.call("GET", info["sub"].removeprefix(small.url)).json()
    assert sorted(me) == sorted(KEYS["identity"].split())
    assert (me["id"], me["user_id"], me["username"]) == (info["sub"], info["user_id"], info["preferred_username"])
    assert small.call("GET", info["urls"]["query"].format(version="62.0").removeprefix(small.url)).status_code == 400


def test_identity_of_others_is_refused(small):
    other = small.call("GET", "/services/oauth2/userinfo", token=small.app.issue_token("recruiter")).json()
    assert small.call("GET", other["sub"].removeprefix(small.url)).status_code == 403
    assert small.call("GET", "/services/oauth2/userinfo", token="nonsense").status_code == 403
    assert small.call("GET", f"/id/{small.app.id}/x", token="nonsense").status_code == 403


def test_every_resource_that_is_listed_is_served(small):
    listed = small.call("GET", "").json()
    assert listed["identity"] == small.call("GET", "/services/oauth2/userinfo").json()["sub"]
    assert {"search", "parameterizedSearch", "recent", "query", "composite", "sobjects"} <= set(listed)
    folders = {"jobs", "metadata", "tooling"}  # only what lies below them answers
    for name, url in ((name, url) for name, url in listed.items() if name not in folders):
        answer = small.call("GET", url.removeprefix(small.url))
        assert answer.status_code in (200, 400, 405), name


@pytest.mark.parametrize("name", ["Organization", "User", "Profile", "UserRole", "RecordType", "PermissionSet"])
def test_objects_of_the_setup_can_be_queried(small, name):
    assert small.call("GET", "query", params={"q": f"SELECT Id, Name FROM {name}"}).status_code == 200


def test_organization_is_told_as_the_command_line_asks(small):
    fields = "Name, InstanceName, IsSandbox, TrialExpirationDate, NamespacePrefix, OrganizationType"
    ((row,),) = [small.sf.query(f"SELECT {fields} FROM Organization")["records"]]
    assert (row["Name"], row["TrialExpirationDate"]) == ("Warmbench Local", None)


def test_limits_have_the_documented_names(small):
    limits = small.call("GET", "limits").json()
    assert list(limits) == sorted(limits)
    assert {"DailyApiRequests", "DailyBulkApiBatches", "HourlyODataCallout", "MassEmail", "PermissionSets"} <= set(
        limits
    )
    assert all({"Max", "Remaining"} <= set(each) for each in limits.values())
    assert set(limits["PermissionSets"]["CreateCustom"]) == {"Max", "Remaining"}
    used = limits["DailyApiRequests"]["Max"] - limits["DailyApiRequests"]["Remaining"]
    assert used == small.app.usage.today() - 1
