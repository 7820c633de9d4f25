"""Whatever is written as a search is answered or refused, never a fault of the org."""

import string
from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integration.local.org import sosl
from integration.local.org.soql import SoqlError

PIECES = [
    *"{}()\"'\\*?:&|!^~[]+-.,=<>\n\t",
    *("FIND", "IN", "ALL", "NAME", "FIELDS", "RETURNING", "LIMIT", "WHERE", "ORDER BY", "WITH", "UPDATE", "OFFSET"),
    *("AND", "OR", "NOT", "ab", "x*", "e?r", "ß", "Pool__c", "Pool__c(Id)", "Name", "'a'", "5", "99999", "\x00", "١"),
    *("SPELL_CORRECTION = true", "FIND {engineer}", "RETURNING Pool__c(Name WHERE Name LIKE 'a%')"),
]
statements = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=14).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=8).map(lambda pieces: "FIND {" + " ".join(pieces) + "}"),
    st.lists(st.sampled_from(PIECES), max_size=8).map(lambda pieces: "FIND {engineer} " + " ".join(pieces)),
    st.text(string.printable, max_size=60).map(lambda text: f"FIND {{{text}}} RETURNING Pool__c(Name)"),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(statement=statements)
def test_any_statement_is_answered_or_refused(small, statement):
    answer = small.call("GET", "search", params={"q": statement})
    assert answer.status_code in (200, 400), (statement, answer.text)
    if answer.status_code == 400:
        (error,) = answer.json()
        assert error["errorCode"] != "UNKNOWN_EXCEPTION"
        assert error["message"]


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=40))
def test_any_words_are_read_or_refused(text):
    with suppress(SoqlError):
        sosl.parse_terms(text)
