"""DISTANCE: how far candidates are away."""

import pytest

from integration.local.org.soql import SoqlError

CORK = "GEOLOCATION(51.8985, -8.4756)"


@pytest.fixture
def people(small_org):
    places = {
        "Cork": (51.8985, -8.4756),
        "Dublin": (53.3498, -6.2603),
        "Berlin": (52.52, 13.405),
        "Nowhere": (None, None),
    }
    for name, (latitude, longitude) in places.items():
        small_org.add("Person__c", Name=name, Geo__Latitude__s=latitude, Geo__Longitude__s=longitude)
    return small_org


def test_distance_in_kilometres_and_miles(people):
    assert people.names(f"DISTANCE(Geo__c, {CORK}, 'km') < 221") == ["Cork", "Dublin"]
    assert people.names(f"DISTANCE(Geo__c, {CORK}, 'km') < 218") == ["Cork"]
    assert people.names(f"DISTANCE(Geo__c, {CORK}, 'mi') < 138") == ["Cork", "Dublin"]
    assert people.names(f"DISTANCE(Geo__c, {CORK}, 'mi') > 138") == ["Berlin"]


def test_nearest_first(people):
    text = f"SELECT Name FROM Person__c ORDER BY DISTANCE(Geo__c, {CORK}, 'km') NULLS LAST"
    assert [each["Name"] for each in people.query(text)] == ["Cork", "Dublin", "Berlin", "Nowhere"]


def test_distance_is_shown(people):
    text = f"SELECT Name, DISTANCE(Geo__c, {CORK}, 'km') away FROM Person__c WHERE Name = 'Dublin'"
    (record,) = people.query(text)
    assert record["away"] == pytest.approx(219.3, abs=1)


def test_distance_between_two_fields_of_parents(people):
    first = people.add("Person__c", Name="x", Geo__Latitude__s=0, Geo__Longitude__s=0, Home__Latitude__s=0,
                       Home__Longitude__s=1)  # fmt: skip
    people.add("Member__c", Name="M-1", Person__c=first)
    where = "DISTANCE(Person__r.Geo__c, Person__r.Home__c, 'km') < 112"
    assert people.query(f"SELECT Id FROM Member__c WHERE {where} AND Name != null").total_size == 1


@pytest.mark.parametrize(
    ("where", "code", "reason"),
    [
        (f"DISTANCE(Geo__c, {CORK}, 'yards') < 1", "MALFORMED_QUERY", "Invalid distance unit: yards"),
        (f"DISTANCE({CORK}, Geo__c, 'km') < 1", "MALFORMED_QUERY", "must be a field"),
        (f"DISTANCE(Name, {CORK}, 'km') < 1", "INVALID_FIELD", "'Name' is not a geolocation"),
        ("DISTANCE(Geo__c, GEOLOCATION(91, 0), 'km') < 1", "MALFORMED_QUERY", "Latitude must be between"),
        (f"DISTANCE(Geo__c, {CORK}, 'km') = 1", "INVALID_QUERY_FILTER_OPERATOR", "by < and > only"),
        (f"DISTANCE(Geo__c, {CORK}, 'km') IN (1)", "INVALID_QUERY_FILTER_OPERATOR", "by < and > only"),
        (f"DISTANCE(Geo__c, {CORK}, 'km') < 'x'", "INVALID_FIELD", "must be of type double"),
    ],
)
def test_what_is_refused(small_org, where, code, reason):
    with pytest.raises(SoqlError) as refused:
        small_org.names(where)
    assert refused.value.code == code
    assert reason in refused.value.message


def test_distance_cannot_be_grouped(small_org):
    with pytest.raises(SoqlError, match="DISTANCE can not be grouped"):
        small_org.query(f"SELECT COUNT(Id) FROM Person__c GROUP BY DISTANCE(Geo__c, {CORK}, 'km')")
