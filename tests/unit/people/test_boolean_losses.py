"""What each source cannot express is told, exactly where it is so; and what is sent cannot be more than a query."""

import json

import pytest
from hypothesis import given
from ldap3.operation.search import parse_filter

from integration.cli import main
from integration.errors import Rejected
from integration.local.org import sosl
from integration.model.boolean_query import In, Query, Words
from integration.model.vocabulary import SearchSource
from integration.prospecting.query import Unaskable, links, parse, remaining, translate
from integration.soql import find, found_as
from tests.unit.people.boolean_trees import trees

ORG, APPLICANTS, LDAP, GITHUB = (
    SearchSource.ORG,
    SearchSource.APPLICANTS,
    SearchSource.LDAP,
    SearchSource.GITHUB,
)
STACK, ORCID, OPENALEX, LABS = (
    SearchSource.STACK_EXCHANGE,
    SearchSource.ORCID,
    SearchSource.OPENALEX,
    SearchSource.PEOPLE_DATA_LABS,
)


@pytest.mark.parametrize(
    ("source", "typed", "sent"),
    [
        (ORG, "java (kotlin OR scala)", "java AND (kotlin OR scala)"),
        (ORG, '"team lead" eng*', '"team lead" AND eng*'),
        (ORG, "country:IE java", "(ireland OR IE) AND java"),
        (ORCID, 'java AND ("team lead" OR kotlin)', 'java AND ("team lead" OR kotlin)'),
        (ORCID, "last:murphy eng*", "(family-name:murphy OR credit-name:murphy OR other-names:murphy) AND eng*"),
        (ORCID, "employer:trinity", "affiliation-org-name:trinity"),
        (GITHUB, "skill:(go OR rust)", "language:go language:rust"),
        (OPENALEX, "name:(murphy OR byrne)", "murphy OR byrne"),
    ],
)
def test_what_a_source_can_express_loses_nothing(source, typed, sent):
    translation = translate(parse(typed), source)
    assert translation.query == sent
    assert (translation.losses, translation.is_exact) == ((), True)


def test_github_takes_alternatives_of_each_kind():
    query = parse('skill:(go OR rust) location:(Dublin OR Cork) name:(zoe OR "mary jane")')
    sent = 'zoe OR "mary jane" in:name language:go language:rust location:dublin location:cork'
    assert translate(query, GITHUB).query == sent


@pytest.mark.parametrize(
    ("source", "typed", "loss"),
    [
        (ORG, "java NEAR/3 kotlin", "java NEAR/3 kotlin: Salesforce asks for both, however far apart they stand."),
        (ORG, "title:engineer", "title:engineer: Salesforce looks for it in every field."),
        (ORG, "java -junior", "NOT junior is asked of title, employer and city only."),
        (ORG, "C++ developer", "“C++” is asked for by its letters alone."),
        (ORG, "C++", "c is too short for Salesforce to search for; every candidate is read and filtered."),
        (ORG, "java OR -kotlin", "java OR (NOT kotlin) is not asked, since one of its alternatives cannot be."),
        (APPLICANTS, "job:nurse java", "job:nurse is looked for in the applications of those found."),
        (LDAP, "java", "An LDAP directory finds parts of words too, such as java in JavaScript."),
        (LDAP, "java NOT kotlin", "NOT kotlin is not asked: the directory would also leave out parts of words."),
        (LDAP, "java stage:hired", "stage:hired is not asked: an LDAP directory does not know it."),
        (GITHUB, "java city:Cork", "java is not asked: GitHub searches neither profiles' texts nor employers."),
        (GITHUB, "city:C* name:zoe", "city:C* is not asked: GitHub knows no wildcards."),
        (GITHUB, "city:Cork city:Dublin", "city:Dublin is not asked: GitHub takes one condition of a kind."),
        (GITHUB, "city:Cork skill:haggling", "skill:haggling is not asked: it is no programming language to GitHub."),
        (STACK, "skill:java city:Cork", "city:Cork is not asked: names and single tags alone are."),
        (STACK, "skill:java", "Stack Exchange names only the best answerers of each tag."),
        (ORCID, "java NEAR/3 kotlin", "“java NEAR kotlin” is asked for with up to 2 words more between."),
        (ORCID, "java -kotlin", "NOT kotlin is not asked: ORCID would look for it in all of a person's works."),
        (OPENALEX, "name:zoe java", "java is not asked: OpenAlex searches authors by their names."),
        (
            OPENALEX,
            'employer:"Trinity College"',
            "Of the institutions called Trinity College only the best match is asked for.",
        ),
        (LABS, "java -junior", "NOT junior is asked of title, employer, skills and summary only."),
    ],
)
def test_what_a_source_cannot_express_is_told_in_plain_words(source, typed, loss):
    translation = translate(parse(typed), source)
    assert loss in translation.losses
    assert not translation.is_exact


@pytest.mark.parametrize(
    ("source", "typed"),
    [
        (LDAP, "NOT java"),
        (GITHUB, "java"),
        (STACK, "java OR skill:kotlin"),
        (ORCID, "-java"),
        (OPENALEX, "java"),
        (LABS, "NOT java"),
        (LABS, "R"),
        (LABS, "java OR NOT kotlin"),
    ],
)
def test_a_source_that_can_be_asked_nothing_says_what_it_could_be_asked(source, typed):
    with pytest.raises(Unaskable, match=r"Add .* must occur"):
        translate(parse(typed), source)


def test_an_unknown_source_is_refused():
    with pytest.raises(Rejected, match="Friendster is no source"):
        translate(parse("java"), "Friendster")


def test_one_stage_of_applicants_is_asked_of_the_applications():
    assert translate(parse('java stage:"offer"'), APPLICANTS).parameters.get("stage") == "Offer"
    assert "stage" not in translate(parse("java stage:(offer OR hired)"), APPLICANTS).parameters


@pytest.mark.parametrize(
    ("source", "typed", "left"),
    [
        (GITHUB, "skill:python", None),  # GitHub says who writes Python, and not in the profile
        (GITHUB, "skill:(go OR rust) city:Cork java", "city:Cork AND java"),
        (GITHUB, "skill:haggling city:Cork", "skill:haggling AND city:Cork"),
        (GITHUB, "NOT skill:go city:Cork", "(NOT skill:go) AND city:Cork"),
        (ORCID, "ecology -java", "NOT java"),  # ORCID looks through works that it does not send along
        (ORCID, "C++ name:zoe", "C++ AND name:zoe"),
        (LDAP, "java title:nurse", "java AND title:nurse"),
        (ORG, "java -nurse", "java AND (NOT nurse)"),
    ],
)
def test_people_are_asked_again_for_what_the_source_does_not_vouch_for(source, typed, left):
    found = remaining(parse(typed), source)
    assert (found.canonical if found else None) == left


_HOSTILE = [
    "a*)(cn=b*",
    "x\\2a",
    "{x}",
    "a] | b",
    "a' OR Name != '",
    "%_",
    '"',
    "nurse} RETURNING User",
    "a:b",
    "~",
    "\0a",
]


@pytest.mark.parametrize("text", [text for text in _HOSTILE if any(each.isalnum() for each in text)])
@pytest.mark.parametrize("field", ["", "title", "name", "employer"])
def test_text_cannot_leave_its_place_in_what_is_sent(text, field):
    words = Words.of(text.replace('"', ""))
    for node in [In(field, words) if field else words]:
        for query in (Query(node), parse(f"java -{Query(node).canonical}")):
            _well_formed(query)


@given(trees())
def test_what_is_sent_is_well_formed(tree):
    _well_formed(Query(tree))


def _well_formed(query):
    org = translate(query, ORG)
    for expression in filter(None, (org.query, org.parameters.get("beside", ""))):
        where = None
        statement = find(expression, found_as("Candidate__c", ["Id"], where=where, limit=10))
        assert len(sosl.parse(statement).returned) == 1
    try:
        parse_filter(translate(query, LDAP).query, None, False, False, None, False)
        json.loads(translate(query, LABS).query)
    except Unaskable:
        pass
    assert all(link.url.startswith("https://") and " " not in link.url for link in links(query))


def test_the_command_shows_reading_translations_and_losses(capsys):
    assert main(["query", "java and near/2 lead"]) == 2
    assert capsys.readouterr().err.splitlines()[-1].strip() == "^"
    assert main(["query", "python and location:Dublin", "--source", "GitHub"]) == 0
    shown = capsys.readouterr().out
    assert "Read as:  “python” and (location has “Dublin”)" in shown
    assert "Note:     read ‘and’ as AND" in shown
    assert "asks:  location:dublin" in shown
    assert "- python is not asked: GitHub" in shown
    assert main(["query", "python", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["sources"]["Salesforce"]["is_exact"]
    assert "refused" in told["sources"]["GitHub"]
    assert main(["query", "--fields"]) == 0
    assert "employer:" in capsys.readouterr().out
