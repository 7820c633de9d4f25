"""Queries as bulk jobs answer them."""

import pytest

from integration.local.org.soql import SoqlError, run_flat

from .conftest import NOW


def flat(org, text):
    return run_flat(org.connection, org.catalog, text, user=org.asker, now=NOW)


def test_rows_are_text_under_paths(small_org):
    pool = small_org.add("Pool__c", Name="Games", Private__c=1, Member_Count__c=3.0)
    small_org.add("Member__c", Name="M-1", Pool__c=pool, CreatedDate="2026-11-23T00:50:51.000Z")
    small_org.add("Member__c", Name="M-2")
    result = flat(
        small_org,
        "SELECT name, pool__r.name, Pool__r.Private__c, Pool__r.Member_Count__c, CreatedDate, State__c"
        " FROM Member__c ORDER BY Name",
    )
    assert result.header == [
        "Name",
        "Pool__r.Name",
        "Pool__r.Private__c",
        "Pool__r.Member_Count__c",
        "CreatedDate",
        "State__c",
    ]
    first, second = result.rows
    assert first == ["M-1", "Games", "true", "3.0", "2026-11-23T00:50:51.000Z", ""]
    assert second[:4] == ["M-2", "", "false", ""]


def test_functions_are_shown_as_over_rest(small_org):
    small_org.add("Person__c", Name="Ada", Stage__c="New", Due_On__c="2026-11-09")
    result = flat(small_org, "SELECT toLabel(Stage__c), FORMAT(Due_On__c) due FROM Person__c")
    assert (result.header, list(result.rows)) == (["Stage__c", "due"], [["New!", "11/9/2026"]])


def test_typeof_is_refused(small_org):
    with pytest.raises(SoqlError, match="TYPEOF is not supported in Bulk V2 Query") as refused:
        flat(small_org, "SELECT TYPEOF What WHEN Pool__c THEN Name END FROM Task")
    assert refused.value.code == "FEATURENOTENABLED"


@pytest.mark.parametrize(
    "text",
    [
        "SELECT COUNT() FROM Person__c",
        "SELECT COUNT(Id) FROM Person__c",
        "SELECT Stage__c FROM Person__c GROUP BY Stage__c",
        "SELECT Id, (SELECT Id FROM Memberships__r) FROM Person__c",
        "SELECT Geo__c FROM Person__c",
    ],
)
def test_what_bulk_cannot_do_is_refused(small_org, text):
    with pytest.raises(SoqlError, match="not supported in Bulk V2 Query with CSV content type"):
        flat(small_org, text)
