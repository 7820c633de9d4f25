"""The Boolean language as it is read: precedence, quotes, fields, lower-case operators, faults with a caret."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from integration.model.boolean_query import Query
from integration.prospecting.query import BadQuery, parse
from tests.unit.people.boolean_trees import trees


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("java kotlin", "java AND kotlin"),
        ("a AND b OR c AND d", "(a AND b) OR (c AND d)"),
        ("a OR b c OR d", "a OR (b AND c) OR d"),
        ("NOT a AND b", "(NOT a) AND b"),
        ("NOT (a OR b) c", "(NOT (a OR b)) AND c"),
        ("a NEAR b AND c", "(a NEAR/10 b) AND c"),
        ("a NEAR/3 b OR c", "(a NEAR/3 b) OR c"),
        ("a ONEAR/2 b", "a ONEAR/2 b"),
        ("NOT (a NEAR b)", "NOT (a NEAR/10 b)"),
        ("-a -(b OR c)", "(NOT a) AND (NOT (b OR c))"),
        ("a AND NOT b", "a AND (NOT b)"),
        ("a OR NOT b", "a OR (NOT b)"),
        ("NOT NOT a", "a"),
        ("((a))", "a"),
        ("a AND (b AND c)", "a AND b AND c"),
        ('"team lead" java', '"team lead" AND java'),
        ("title:engineer", "title:engineer"),
        ("title:(a OR b) c", "title:(a OR b) AND c"),
        ('company:"Acme Corp"', 'employer:"Acme Corp"'),
        ("Title: engineer", "title:engineer"),
        ("-title:junior", "NOT title:junior"),
        ("country:ie", "country:Ireland"),
        ("(java OR kotlin) NEAR/3 lead", "(java NEAR/3 lead) OR (kotlin NEAR/3 lead)"),
        ("a NEAR/2 b NEAR/4 c", "(a NEAR/2 b) AND (b NEAR/4 c)"),
        ("see https://github.com/octo", "see AND github.com/octo"),
        ("C++ C# .NET node.js R&D", 'C++ AND C# AND ".NET" AND node.js AND R&D'),
    ],
)
def test_precedence_is_not_then_near_then_and_then_or(typed, meant):
    assert parse(typed).canonical == meant


@pytest.mark.parametrize(
    "quoted", ["“team lead”", "„team lead“", "«team lead»", "‘team lead’", "'team lead'", "”team lead“"]
)
def test_smart_quotes_are_quotes(quoted):
    assert parse(f"java {quoted}") == parse('java "team lead"')


def test_apostrophes_in_names_quote_nothing():
    assert parse("O’Brien OR D'Arcy") == parse("O'Brien OR D'Arcy")
    assert parse("O’Brien OR D'Arcy").canonical == "O'Brien OR D'Arcy"


@pytest.mark.parametrize(
    ("typed", "meant", "note"),
    [
        ("java and kotlin", "java AND kotlin", "read ‘and’ as AND; quote it to search the word"),
        ("java or kotlin", "java OR kotlin", "read ‘or’ as OR; quote it to search the word"),
        ("java Not junior", "java AND (NOT junior)", "read ‘Not’ as NOT; quote it to search the word"),
        ("java near/4 lead", "java NEAR/4 lead", "read ‘near/4’ as NEAR/4; quote it to search the word"),
        ("java near lead", 'java AND "near" AND lead', "read ‘near’ as a word; write NEAR for the operator"),
        ("java | kotlin", "java OR kotlin", "read | as OR"),
        ("java && kotlin", "java AND kotlin", "read ‘&&’ as AND"),
        ("java !junior", "java AND (NOT junior)", "read ! as NOT"),
        ("java +kotlin", "java AND kotlin", "left out +: every word must occur unless OR says otherwise"),
        ("Dublin, Cork", "Dublin AND Cork", "read a comma as AND; write OR where either will do"),
        ("Manager - Sales", "Manager AND Sales", "left out a lone -; write -word to exclude a word"),
        ("java –junior", "java AND (NOT junior)", None),
        ("UI • UX", "UI AND UX", "left out •, which has no letter or digit"),
    ],
)
def test_what_is_read_otherwise_is_noted(typed, meant, note):
    query = parse(typed)
    assert query.canonical == meant
    assert query.notes == ((note,) if note else ())


def test_quoted_operators_are_words():
    assert parse('"and" OR "NEAR/3"').canonical == '"and" OR "NEAR/3"'
    assert parse('"and"').matches({"text": "this and that"})


@pytest.mark.parametrize(
    ("typed", "at", "words"),
    [
        ("", 0, "empty"),
        ("   ", 0, "empty"),
        ("java AND (kotlin OR scala", 9, "never closed"),
        ("java) AND kotlin", 4, "closes nothing"),
        ('java ""', 5, "nothing between these quotation marks"),
        ('java "team lead', 5, "never closed"),
        ("java AND", 5, "AND has nothing after it"),
        ("OR java", 0, "OR has nothing before it"),
        ("(and java)", 1, 'quote it to search for the word itself: "and"'),
        ("java AND OR kotlin", 9, "follow one another"),
        ("java NOT OR kotlin", 9, "follow one another"),
        ("java ()", 5, "nothing in these parentheses"),
        ("java NOT", 5, "NOT has nothing after it"),
        ("(a AND b) NEAR/3 c", 10, "(a NEAR b) AND (a NEAR c)"),
        ("NOT a NEAR b", 6, "write NOT (a NEAR b)"),
        ("title:a NEAR b", 8, "title:(a NEAR b)"),
        ("a NEAR/0 b", 2, "from 1 to 100"),
        ("a NEAR/101 b", 2, "from 1 to 100"),
        ("a NEAR/ b", 2, "from 1 to 100"),
        ("titel:engineer", 0, "Did you mean title:?"),
        ("java zzqq:1", 5, "There are name, first"),
        ("title:", 0, "title: has nothing after it"),
        ("title:(company:x)", 0, "stands within title:"),
        ("*java", 0, "begins with a wildcard"),
        ("java *", 5, "stands alone"),
        ('"a b"~5', 5, "a NEAR/5 b"),
        ("(" * 31 + "a" + ")" * 31, 30, "More than 30 parentheses"),
        ("(a OR NOT " * 20 + "b" + ")" * 20, 0, "written out"),
        (" ".join(["(a OR b OR c) NEAR (d OR e OR f OR g)"] * 5), 0, "written out"),
        ("a " * 101, 200, "more than 100 words"),
        ("a" * 2001, 2000, "2,001 characters"),
        (" OR ".join(["x"] * 8).join("()") + " NEAR " + " OR ".join(["y"] * 8).join("()"), 39, "joins 64 pairs"),
    ],
)
def test_a_fault_says_where_and_what_to_do(typed, at, words):
    with pytest.raises(BadQuery) as caught:
        parse(typed)
    fault = caught.value
    assert words in fault.message
    assert fault.position == at
    line, mark = fault.caret.splitlines()
    assert mark.strip() == "^"
    if at < len(typed):
        assert line[mark.index("^")] == typed[at]


def test_a_fault_far_into_a_long_query_shows_its_surroundings():
    with pytest.raises(BadQuery) as caught:
        parse("word " * 40 + "AND OR " + "more " * 40)
    line, mark = caught.value.caret.splitlines()
    assert len(line) < 130
    assert line[mark.index("^") :].startswith("OR")


@given(trees())
def test_a_query_written_out_reads_the_same(tree):
    query = Query(tree)
    assert parse(query.canonical) == query
    assert parse(query.canonical).notes == ()


_hostile = st.text(
    alphabet=st.one_of(st.sampled_from(list("ab \"'“”()|&!+-*?:~,./\\<>#{}[]^\0\n")), st.characters()), max_size=60
)
_shuffled = st.lists(
    st.sampled_from(
        [
            "AND",
            "OR",
            "not",
            "NEAR",
            "NEAR/3",
            "ONEAR/9",
            "-",
            "(",
            ")",
            '"',
            "“",
            "title:",
            "x:",
            "java",
            "*",
            "C++",
            "工程师",
        ]
    ),
    max_size=25,
).map(" ".join)


@settings(max_examples=300)
@given(st.one_of(_hostile, _shuffled))
@example("\ud800")
@example("İ:x")
@example("title:title:title:")
@example("NOT " * 400 + "a")
@example("(" * 1000)
@example("ﷺ" * 90)
def test_hostile_text_gives_a_query_or_a_bad_query(typed):
    fault = fault_of(typed)
    if fault is None:
        query = parse(typed)
        assert parse(query.canonical) == query
        assert query.in_words
    else:
        assert fault.message
        assert 0 <= fault.position <= len(typed)
        assert len(fault.caret.splitlines()) == 2


def fault_of(typed):
    try:
        parse(typed)
    except BadQuery as fault:
        return fault
    return None
