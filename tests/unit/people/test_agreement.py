"""Where a fact stands both in the code and in sf_metadata/, the two agree."""

import pytest

from integration.metadata.read import read
from integration.model.vocabulary import AddedBy, ContactStatus, Lifecycle
from integration.prospecting.imports.columns import COLUMNS, WHOLE_LOCATION
from integration.prospecting.imports.rows import NAME_LENGTH
from integration.records import Candidate, ContactPoint, PoolMembership
from tests.org_fixture import METADATA

SCHEMA = read(METADATA)
CANDIDATE = SCHEMA.objects[Candidate.API_NAME].fields


@pytest.mark.parametrize(
    "column", [column for column in COLUMNS if column.field in CANDIDATE], ids=lambda column: column.key
)
def test_an_imported_column_is_as_long_as_its_field(column):
    assert CANDIDATE[column.field].length == column.length


def test_every_other_column_is_read_into_several_fields():
    assert {column.field for column in COLUMNS if column.field} - CANDIDATE.keys() == {WHOLE_LOCATION}


def test_names_are_as_long_as_their_fields():
    assert CANDIDATE[Candidate.FIRST_NAME].length == CANDIDATE[Candidate.LAST_NAME].length == NAME_LENGTH


@pytest.mark.parametrize(
    ("object_name", "field", "words"),
    [
        (Candidate.API_NAME, Candidate.LIFECYCLE, list(Lifecycle)),
        (ContactPoint.API_NAME, ContactPoint.STATUS, list(ContactStatus)),
        (PoolMembership.API_NAME, PoolMembership.ADDED_BY, list(AddedBy)),
    ],
)
def test_picklists_have_our_words(object_name, field, words):
    assert [value.name for value in SCHEMA.objects[object_name].fields[field].picklist] == words


def test_a_contact_point_key_has_room_for_the_longest_address():
    assert (
        SCHEMA.objects[ContactPoint.API_NAME].fields[ContactPoint.KEY].length >= len("email:|") + 80 + 2 * NAME_LENGTH
    )
