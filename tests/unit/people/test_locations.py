"""The column “Location”: told apart where that is sure, kept whole and told of where it is not."""

import pytest

from integration.model.location import Location, read
from integration.records import Candidate
from integration.soql import select
from tests.unit.people.importing import load


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Dublin, Ireland", Location("Dublin", "", "IE")),
        ("Austin, TX, USA", Location("Austin", "TX", "US")),
        ("Austin, TX", Location("Austin", "TX", "US")),
        ("Austin, Texas, U.S.A.", Location("Austin", "Texas", "US")),
        ("Toronto, ON, CA", Location("Toronto", "ON", "CA")),
        ("München, Bayern, Deutschland", Location("München", "Bayern", "DE")),
        ("Berlin", Location("Berlin")),
        ("New York", Location("New York")),
        ("New York, United States", Location("New York", "", "US")),
        ("Texas, USA", Location("", "Texas", "US")),
        ("Germany", Location("", "", "DE")),
        ("Singapore", Location("Singapore", "", "SG")),
        ("  Cork ,  Ireland ", Location("Cork", "", "IE")),
        ("Lyon, FR", Location("Lyon", "", "FR")),
    ],
)
def test_a_location_is_told_apart(text, place):
    assert read(text) == place


@pytest.mark.parametrize(
    "text",
    [
        "Atlanta, Georgia",  # a state and a country
        "Georgia",
        "Berlin, DE",  # Germany and Delaware
        "San Diego, CA",  # California and Canada
        "Kreuzberg, Berlin",
        "Remote",
        "Remote, USA",
        "TX",
        "D02 XY45",
        "1 Main Street, Cork, Munster, Ireland",
        "Paris, Atlantis, Nowhere",
    ],
)
def test_what_can_be_read_in_two_ways_or_not_at_all_is_kept_whole(text):
    assert read(text) == Location(text, is_sure=False)


def people(app):
    fields = [Candidate.LAST_NAME, Candidate.CITY, Candidate.REGION, Candidate.COUNTRY]
    rows = app.salesforce.query(select(Candidate.API_NAME, fields))
    return {row[Candidate.LAST_NAME]: tuple(row[name] for name in fields[1:]) for row in rows}


def test_an_imported_location_fills_city_region_and_country_and_doubt_is_told(app):
    result, told = load(
        app,
        "Full name,E-mail,Location\n"
        'Ann Lee,ann@a.example,"Austin, TX, USA"\n'
        'Bob May,bob@a.example,"Dublin, Ireland"\n'
        'Cy Poe,cy@a.example,"Atlanta, Georgia"\n'
        "Di Roe,di@a.example,Berlin\n"
        "Ed Sun,ed@a.example,\n",
    )
    assert result == (5, 5, 0, 0, 0)
    assert people(app) == {
        "Lee": ("Austin", "TX", "US"),
        "May": ("Dublin", None, "IE"),
        "Poe": ("Atlanta, Georgia", None, None),
        "Roe": ("Berlin", None, None),
        "Sun": (None, None, None),
    }
    assert "1 rows have a location that could not be told apart; all of it stands as the city: lines 4." in told


@pytest.mark.parametrize(
    ("location", "city", "country", "place"),
    [
        ("Austin, TX, USA", "Cork", "IE", ("Cork", None, "IE")),
        ("Austin, TX, USA", "", "US", ("Austin", "TX", "US")),
        ("Atlanta, Georgia", "", "US", ("Atlanta, Georgia", None, "US")),
        ("Atlanta, Georgia", "Atlanta", "", ("Atlanta", None, None)),
    ],
)
def test_columns_of_their_own_go_before_the_location(app, location, city, country, place):
    load(app, f'Full name,E-mail,Location,City,Country\nAnn Lee,ann@a.example,"{location}",{city},{country}\n')
    assert people(app)["Lee"] == place
