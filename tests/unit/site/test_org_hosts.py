"""A draft stands in frames of its own org and of nobody else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration import pages
from integration.model import org_hosts


@pytest.mark.parametrize(
    ("home", "namespace", "wanted"),
    [
        (
            "https://acme.my.salesforce.com",
            "",
            "https://acme.my.salesforce.com https://acme.lightning.force.com https://acme--c.vf.force.com "
            "https://acme.my.site.com",
        ),
        (
            "https://Acme--UAT.sandbox.my.salesforce.com/",
            "warm_bench",
            "https://acme--uat.sandbox.my.salesforce.com https://acme--uat.sandbox.lightning.force.com "
            "https://acme--uat--warm-bench.sandbox.vf.force.com https://acme--uat.sandbox.my.site.com",
        ),
        (
            "https://acme-dev-ed.develop.my.salesforce.com",
            "",
            "https://acme-dev-ed.develop.my.salesforce.com https://acme-dev-ed.develop.lightning.force.com "
            "https://acme-dev-ed--c.develop.vf.force.com https://acme-dev-ed.develop.my.site.com",
        ),
        ("https://eu12.salesforce.com", "", "https://eu12.salesforce.com"),
        ("http://127.0.0.1:8443", "", "http://127.0.0.1:8443"),
        ("http://acme.example", "", ""),
        ("https://*.my.salesforce.com", "", ""),
        ("https://acme.my.salesforce.com; script-src *", "", ""),
        ("https://acme.my.salesforce.com.evil.example", "", "https://acme.my.salesforce.com.evil.example"),
        ("", "", ""),
    ],
)
def test_an_org_stands_for_its_own_hosts(home, namespace, wanted):
    assert " ".join(org_hosts.origins(home, namespace)) == wanted


@given(st.text(max_size=60), st.text(max_size=20))
def test_nothing_that_is_told_makes_a_wildcard_or_another_directive(home, namespace):
    for origin in org_hosts.origins(f"https://{home}.my.salesforce.com", namespace):
        assert not set(origin) & set("*;, '\"\n\t")


def test_another_org_is_in_no_draft(app, desk, visitor, monkeypatch):
    page = desk.page()
    monkeypatch.setattr(type(app.salesforce), "home", lambda org: "https://acme.my.salesforce.com")
    address = pages.preview(app, page).split("jobs.warmbench.example")[1]
    policy = visitor.get(address).headers["content-security-policy"]
    frames = policy.partition("frame-ancestors ")[2].split()
    assert frames == org_hosts.origins("https://acme.my.salesforce.com", app.config.namespace)
    assert visitor.get("/preferences").headers["x-frame-options"] == "DENY"
