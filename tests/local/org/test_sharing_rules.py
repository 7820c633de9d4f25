"""Criteria-based rules in SQL against a second evaluation of the same rules in Python, on random rows."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integration.local.org import soql
from integration.local.org.app import OrgApp
from tests.local.org.rights import rule, shared_schema

KINDS = ("recruiter", "manager", "viewer")
RULE_SETS = (
    (),
    (rule(("Open__c", "equals", "True")),),
    (rule(("Colour__c", "equals", "Red,Blue")), rule(("Size__c", "lessThan", "3"), name="Small")),
    (rule(("Colour__c", "notEqual", "Red"), ("Open__c", "notEqual", "True")),),
    (rule(("Name", "contains", "a_%")), rule(("Name", "startsWith", "B"), ("Size__c", "greaterOrEqual", "2"))),
    (rule(("Name", "notContain", "a"), ("Colour__c", "equals", "")),),
)
FIELDS = ("Name", "Open__c", "Colour__c", "Size__c")
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "OwnerId": st.sampled_from(KINDS),
            "Name": st.text(alphabet="aBb_%", max_size=4),
            "Open__c": st.booleans(),
            "Colour__c": st.sampled_from([None, "Red", "red", "Blue", "Green"]),
            "Size__c": st.sampled_from([None, 0, 2, 2.5, 3, 7]),
        }
    ),
    max_size=8,
)


def holds(criterion, row):
    """One comparison, as the platform's help describes it; blank is like nothing but itself."""
    operation, value = criterion.operation, row[criterion.field]
    if criterion.field == "Size__c":
        limit = float(criterion.value)
        return value is not None and (value < limit if operation == "lessThan" else value >= limit)
    text = str(value).lower() if value not in (None, "") else ""
    wanted = [each.lower() for each in criterion.value.split(",")]
    return {
        "equals": text in wanted,
        "notEqual": text not in wanted,
        "contains": any(each in text for each in wanted),
        "notContain": not any(each in text for each in wanted),
        "startsWith": any(text.startswith(each) for each in wanted),
    }[operation]


@pytest.fixture(scope="module", params=range(len(RULE_SETS)))
def ruled(request):
    rules = RULE_SETS[request.param]
    app = OrgApp(shared_schema(rules, Pool__c="Private"))
    yield app, rules
    app.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_everybody_sees_what_is_theirs_and_what_the_rules_open(ruled, rows):
    app, rules = ruled
    people = {kind: app.user(kind) for kind in KINDS}
    with app.store.writing() as connection:
        connection.execute("DELETE FROM Pool__c")
        for number, row in enumerate(rows):
            values = [f"a00{number:015}", people[row["OwnerId"]].id, *(row[name] for name in FIELDS)]
            sql = "INSERT INTO Pool__c (Id, OwnerId, Name, Open__c, Colour__c, Size__c) VALUES (?, ?, ?, ?, ?, ?)"
            connection.execute(sql, [None if value == "" else value for value in values])
    for kind, user in people.items():
        with app.store.reading() as connection:
            found = soql.run(connection, app.catalog, "SELECT Id FROM Pool__c", user=user, now=app.now())
            seen = {int(str(each["Id"])[3:]) for each in found}
        assert seen == {
            number
            for number, row in enumerate(rows)
            if row["OwnerId"] == kind or any(all(holds(each, row) for each in found.criteria) for found in rules)
        }
