"""What a query finds: the reference that every source is held against."""

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.model.boolean_query import Query, both, either, without
from integration.ports import Hit
from integration.prospecting.query import document, parse
from tests.unit.people.boolean_trees import documents, trees


def finds(query, text):
    return parse(query).matches({"text": text})


@pytest.mark.parametrize(
    ("query", "found", "missed"),
    [
        ("java", ["Java.", "JAVA/Kotlin", "(java)"], ["javascript", "", "ava"]),
        ("C++", ["C++ developer", "C/C++", "modern C++17", "c++, Rust"], ["C developer", "C#", "C+ grade"]),
        ("C#", ["C#/.NET", "C#7"], ["C", "C++"]),
        ("C", ["C and Rust", "C, C++", "Objective-C"], ["C++", "C#", "C&A"]),
        (".NET", [".NET", "ASP.NET", "C# .net core"], ["net income", "network"]),
        ("net", [".NET", "net income"], []),
        ("node.js", ["Node.js", "Node JS", "node-js"], ["nodejs", "node and js"]),
        ("node", ["node.js"], ["nodejs"]),
        ("R&D", ["R&D manager", "R & D"], ["R and D", "R D"]),
        ("R", ["R, Python", "R/Python"], ["R&D", "Rust"]),
        ("AT&T", ["AT&T Labs", "at & t"], ["at T"]),
        ("at", ["AT&T"], []),
        ("O'Brien", ["O'Brien", "O’Brien", "O Brien"], ["OBrien"]),
        ("brien", ["O'Brien"], []),
        ("front-end", ["front-end", "front end", "Front–End"], ["frontend", "end front"]),
        ("network", ["CompTIA Network+"], []),
        ("zoe", ["Zoë", "ZOÉ", "zoe"], ["zo"]),
        ("Zoë", ["Zoe"], []),
        ("strasse", ["Straße", "STRASSE"], []),
        ("Lodz", ["Łódź"], []),
        ("Øst", ["ost", "ØST"], []),
        ("müller", ["Muller", "MU\u0308LLER"], ["mueller"]),
        ("Иван", ["иван"], []),
        ("工程师", ["软件工程师", "工程师"], ["程工师"]),
        ("हिन्दी", ["मैं हिन्दी बोलता हूँ"], ["हिन्दू"]),
        ("محمد", ["مُحَمَّد"], []),
        ("Ｊａｖａ", ["java"], []),
        ("engin*", ["engineer", "engine", "engineering"], ["reengineer"]),
        ("m?ller", ["Müller", "miller"], ["mller", "muuller"]),
        ("a*b*a", ["aba", "abba", "axbxa"], ["ab", "aba1", "aa"]),
        ("a**b?", ["abc", "axbc"], ["ab"]),
        ("k*n", ["kotlin", "kn"], ["kotlins"]),
        ('"team lead"', ["a team lead", "Team-Lead"], ["lead team", "team of leads", "team and lead"]),
        (
            '"director * engineering"',
            ["Director of Engineering"],
            ["director engineering", "director of all engineering"],
        ),
        ('"software eng*"', ["software engineer"], ["software and engineer"]),
        ("a NEAR/2 b", ["a b", "b a", "a x x b", "b x x a"], ["a x x x b"]),
        ("a ONEAR/1 b", ["a b", "a x b"], ["b a", "a x x b"]),
        ('"x y" NEAR/1 "z w"', ["x y q z w", "z w x y"], ["x y q q z w", "x q y z w"]),
        ("a NEAR a", ["a a", "a x a"], ["a"]),
        ("eng* NEAR/1 java", ["java senior engineer"], ["java not so senior engineer"]),
        ("a AND NOT b", ["a"], ["a b", "b", ""]),
        ("NOT a", ["b", ""], ["a"]),
        ("(a OR b) AND (c OR d)", ["a d", "b c"], ["a b", "c d"]),
    ],
)
def test_words_are_found(query, found, missed):
    assert [text for text in found if not finds(query, text)] == []
    assert [text for text in missed if finds(query, text)] == []


PERSON = {
    "name": "Zoë O’Brien",
    "title": "Senior Engineer",
    "employer": "Acme Corp",
    "location": "Dublin",
    "country": "IE",
    "email": "zoe.obrien@mail.example",
    "site": "https://github.com/zoe",
    "text": "Java, Kotlin. Studied at Trinity College. Was junior at Initech",
    "stage": "Interview",
}


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("title:engineer", True),
        ("title:java", False),
        ("java engineer", True),
        ("title:(senior NEAR/1 engineer)", True),
        ('"engineer acme"', False),  # a phrase does not reach from one field into the next
        ("engineer NEAR acme", False),
        ("company:acme", True),
        ("employer:initech", False),
        ("name:obrien", False),
        ("name:o'brien", True),
        ("first:zoe", True),  # only the full name is known
        ("location:dublin", True),
        ("city:dublin", True),
        ("location:ireland", True),
        ("ireland", True),
        ("country:IE", True),
        ("country:Ireland", True),
        ("country:Éire", True),
        ("country:France", False),
        ("ie", False),  # a code is a country after country: alone
        ("skill:kotlin", True),  # no skills are listed, so the text tells
        ("school:trinity", True),
        ("email:mail.example", True),
        ("site:github.com", True),
        ("site:linkedin.com", False),
        ("stage:interview", True),
        ("interview", False),  # says nothing about the person
        ("job:engineer", False),
        ("NOT job:engineer", True),
        ("-title:junior engineer", True),
        ("title:(NOT senior)", False),
    ],
)
def test_fields_hold_what_they_say(query, is_found):
    assert parse(query).matches(PERSON) is is_found


def test_listed_skills_are_asked_before_the_text():
    assert not parse("skill:java").matches({"skill": "Kotlin", "text": "Java"})


_FIELDS = ("name", "title", "location", "country", "text", "skill")


@given(trees(_FIELDS), trees(_FIELDS), documents(_FIELDS))
def test_operators_mean_what_logic_says(one, other, document):
    first, second = Query(one).matches(document), Query(other).matches(document)
    assert Query(both([one, other])).matches(document) == (first and second)
    assert Query(either([one, other])).matches(document) == (first or second)
    assert Query(without(one)).matches(document) == (not first)


@given(trees(_FIELDS), documents(_FIELDS))
def test_reading_a_query_back_keeps_its_meaning(tree, document):
    query = Query(tree)
    assert parse(query.canonical).matches(document) == query.matches(document)


def test_ten_thousand_results_are_filtered_with_one_reading():
    query = parse('title:(engineer OR developer) AND (java NEAR/5 kotlin OR "team lead") AND NOT junior AND eng*')
    people = [
        {"title": "Engineer" if number % 2 else "Nurse", "text": f"Java and Kotlin {number} " + "word " * 40}
        for number in range(10_000)
    ]
    assert sum(query.matches(person) for person in people) == 5_000


def test_a_person_whom_a_source_found_is_asked_by_field():
    hit = Hit(
        "GitHub",
        "1",
        url="https://github.com/zoe",
        first="Zoë",
        last="Ng",
        location="Dublin",
        skills=("Go",),
        emails=("zoe@mail.example",),
        text="Go and Rust",
    )
    for query in ("name:zoe", "last:ng", "site:github.com", "skill:go", "email:zoe", "city:dublin", "rust"):
        assert parse(query).matches(document(hit)), query
    assert not parse("github AND source").matches(document(Hit("GitHub", "1", text="source")))


def test_many_wildcards_cost_no_more_than_the_text():
    assert not finds("a*" * 200 + "b", "a" * 50_000)


@given(st.from_regex(r"a[ab*?]{0,6}", fullmatch=True), st.text("ab", max_size=8))
def test_wildcards_mean_what_file_names_do(pattern, word):
    if not word or pattern.strip("*") == "":
        return
    assert finds(pattern, word) == fnmatchcase(word, pattern)


@given(st.lists(st.sampled_from("abx"), max_size=9), st.integers(1, 4), st.booleans())
def test_near_counts_the_words_between(text, distance, in_order):
    operator = f"{'O' if in_order else ''}NEAR/{distance}"
    gaps = [
        after - before - 1 for before, one in enumerate(text) for after, other in enumerate(text) if one + other == "ab"
    ]
    wanted = any(0 <= gap <= distance or (not in_order and 0 <= -gap - 2 <= distance) for gap in gaps)
    assert finds(f"a {operator} b", " ".join(text)) == wanted


def test_near_in_a_text_full_of_both_words_costs_no_more_than_the_text():
    assert not finds("b ONEAR/1 a", "a " * 30_000 + "x x " + "b " * 30_000)
