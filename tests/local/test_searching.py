"""Whole searches over the stand-ins: the words of a recruiter, the sources' own languages, the people at the end."""

import dataclasses
import json

import pytest

from integration.adapters import aws
from integration.local.parts import STAND_INS
from integration.local.sources.people import people_of
from tests.local.test_sources import stand_ins
from tests.unit.people.searching import new_search, results, run, shown

__all__ = ["stand_ins"]


@pytest.fixture
def searching(app, stand_ins):
    """`searching(query, source)`: the names of who was found, and what the record says of the source."""
    keys = {"github": "stand-in", "people_data_labs": "stand-in", "directory_url": f"{stand_ins}/directory.csv"}
    aws.secretsmanager().create_secret(Name="warmbench/test/searches", SecretString=json.dumps(keys))
    app.config = dataclasses.replace(
        app.config,
        searches_secret="warmbench/test/searches",
        search_endpoints={name: f"{stand_ins}/{name}" for name in STAND_INS},
        search_private_hosts=(stand_ins.removeprefix("http://"),),
    )

    def search(query, source):
        record = new_search(app, query, source)
        run(app, record)
        return {row["Name"] for row in results(app, record)}, shown(app, record, "source_status")

    return search


def names(source, test):
    return {person.name for person in people_of(source) if test(person)}


@pytest.mark.parametrize(
    ("source", "known_as"),
    [("GitHub", "github"), ("People Data Labs", "people_data_labs"), ("Directory", "directory")],
)
def test_skill_and_place_find_the_same_people_by_every_language(searching, source, known_as):
    found, told = searching("skill:rust AND location:ireland", source)
    assert found == names(known_as, lambda person: "Rust" in person.skills and person.code == "IE"), told
    assert found


def test_words_that_a_register_searches_and_does_not_send_along_are_taken_for_it(searching):
    found, told = searching("compilers", "ORCID")
    assert found == names("orcid", lambda person: "Compilers" in person.skills), told
    assert found


def test_tags_find_people_of_stack_exchange(searching):
    found, told = searching("skill:rust AND location:ireland", "Stack Exchange")
    assert found <= names("stack_exchange", lambda person: "Rust" in person.skills and person.code == "IE")
    assert found, told


def test_what_a_source_cannot_exclude_is_excluded_afterwards(searching):
    found, _ = searching("skill:rust NOT location:ireland", "GitHub")
    assert found == names("github", lambda person: "Rust" in person.skills and person.code != "IE")
