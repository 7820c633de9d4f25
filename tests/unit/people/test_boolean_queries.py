"""Sixty queries at every source: it finds everybody whom the reference finds, and after filtering exactly those."""

import json
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integration.adapters.searches import ldap as ldap_source
from integration.adapters.searches import openalex, stack_exchange
from integration.model.boolean_query import Query
from integration.model.vocabulary import SearchSource
from integration.ports import Translation
from integration.prospecting.query import Unaskable, document, links, parse, remaining, translate
from tests.unit.people import sought
from tests.unit.people.boolean_trees import VOCABULARY, trees
from tests.unit.people.engines import elastic, github, ldap, lucene
from tests.unit.people.engines.letters import bare
from tests.unit.people.sought import NOW, PEOPLE, QUERIES, Person

assert len(QUERIES) == len(set(QUERIES)) == 60


def asked(query, source):
    """The translation, or None for a source that can be asked nothing."""
    try:
        return translate(query, source)
    except Unaskable:
        return None


def filtered(query, source, documents):
    left = remaining(query, source)
    return [number for number, each in documents.items() if left is None or left.matches(each)]


def check(query, source, found_by, document_of, people=PEOPLE):
    """Holds for sources that send all that they search: provider ⊇ reference, and filtered = reference."""
    translation = asked(query, source)
    if translation is None:
        return
    wanted = [number for number, person in enumerate(people) if query.matches(document_of(person))]
    found = {number: document_of(person) for number, person in enumerate(people) if found_by(translation, person)}
    assert set(wanted) <= set(found), f"{query.canonical} missed {[people[n] for n in set(wanted) - set(found)]}"
    assert filtered(query, source, found) == wanted
    if translation.is_exact:
        assert list(found) == wanted
    else:
        assert translation.losses


def ldap_finds(translation, person):
    checked = ldap_source.checked_filter(translation.query)
    return ldap.matches(checked, {**sought.as_entry(person), "objectClass": ["person"]})


def labs_find(translation, person):
    return elastic.matches(json.loads(translation.query), sought.as_labs_person(person))


def github_finds(translation, person):
    return github.matches(translation.query, sought.as_profile(person), sought.languages(person))


SOURCES = {
    SearchSource.LDAP: (ldap_finds, sought.entry_document),
    SearchSource.PEOPLE_DATA_LABS: (labs_find, sought.labs_document),
    SearchSource.GITHUB: (github_finds, sought.profile_document),
}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("typed", QUERIES)
def test_results_of_a_query_have_its_full_meaning(typed, source):
    check(parse(typed), source, *SOURCES[source])


def test_a_short_word_near_a_wildcard_is_widened():
    person = Person("Mary", "O'Brien", title="", employer="", city="", country="", skills=[], text="c zoë", email="")
    check(parse("c NEAR/1 z?e"), SearchSource.PEOPLE_DATA_LABS, labs_find, sought.labs_document, people=[person])


_skills = st.lists(st.sampled_from(["Java", "Kotlin", "C++", "C#", "R", "Go", "Node.js", "Rust"]), max_size=3)
_line = st.lists(st.sampled_from([*VOCABULARY, "R & D", "C++,", "at"]), max_size=5).map(" ".join)
_people = st.builds(
    Person,
    first=st.sampled_from(["Zoe", "Zoë", "Java", "R", "Mary"]),
    last=st.sampled_from(["O'Brien", "Müller", "Engineer", "Lead"]),
    title=_line,
    employer=_line,
    city=st.sampled_from(["", "Dublin", "Cork"]),
    country=st.sampled_from(["", "IE", "DE"]),
    skills=_skills,
    text=_line,
)
_ASKED = ("name", "first", "title", "employer", "location", "city", "country", "skill", "text", "school", "job")


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@pytest.mark.parametrize("source", SOURCES)
@given(tree=trees(_ASKED), people=st.lists(_people, min_size=1, max_size=4))
def test_any_query_is_widened_and_never_narrowed(source, tree, people):
    _check_widening(source, tree, people)


@pytest.mark.slow
@settings(max_examples=3000, suppress_health_check=[HealthCheck.too_slow])
@pytest.mark.parametrize("source", SOURCES)
@given(tree=trees(_ASKED), people=st.lists(_people, min_size=1, max_size=4))
def test_thousands_of_queries_are_widened_and_never_narrowed(source, tree, people):
    _check_widening(source, tree, people)


def _check_widening(source, tree, people):
    if source == SearchSource.PEOPLE_DATA_LABS:  # phrases and NEAR there do not see into joined words, as is told
        people = [replace(each, text=each.text.replace(".js", " js").replace("'", " ")) for each in people]
    check(Query(tree), source, *SOURCES[source], people=people)


@pytest.mark.parametrize("typed", QUERIES)
def test_orcid_finds_everybody_meant_in_the_whole_record(typed):
    query = parse(typed)
    translation = asked(query, SearchSource.ORCID)
    if translation is None:
        return
    for person in PEOPLE:
        sent, whole = sought.record_documents(person)
        found = lucene.matches(translation.query, sought.as_record(person))
        left = remaining(query, SearchSource.ORCID)
        is_kept = found and (left is None or left.matches(sent))
        if query.matches(whole):
            assert found, person
        if query.matches(sent):
            assert is_kept, person
        if translation.is_exact:
            assert found == is_kept == query.matches(whole), person


@pytest.mark.parametrize("typed", [*QUERIES, "name:murphy", "name:(ada OR eva) country:IE", "name:zoe NOT name:jo"])
def test_openalex_finds_everybody_meant_by_name_and_country(typed):
    query = parse(typed)
    translation = asked(query, SearchSource.OPENALEX)
    if translation is None or "institution" in translation.parameters:
        return
    for person in PEOPLE:
        author = sought.as_author(person)
        of_country = translation.parameters.get("filter", "").partition(":")[2].split("|")
        found = lucene.matches(translation.query, {"": [author["display_name"]]}) and (
            of_country == [""] or person.country in of_country
        )
        assert found or not query.matches(document(openalex.hit_of(author, NOW))), person


@pytest.mark.parametrize("typed", [*QUERIES, "name:murphy skill:java", "skill:java skill:scala nurse", "name:zoe"])
def test_stack_exchange_finds_everybody_meant_by_tag_or_name(typed):
    query = parse(typed)
    translation = asked(query, SearchSource.STACK_EXCHANGE)
    if translation is None:
        return
    tags = [tag for tag in translation.parameters.get("tagged", "").split(";") if tag]
    for person in PEOPLE:
        answered = [skill.lower().replace(" ", "-") for skill in person.skills]
        user = {"user_id": 1, "display_name": person.name, "location": person.city}
        found = set(tags) <= set(answered) and bare(translation.parameters.get("inname", "")) in bare(person.name)
        meant = query.matches(document(stack_exchange.hit_of(user, "stackoverflow", answered, NOW)))
        assert found or not meant, person
        if meant:
            assert query.matches(document(stack_exchange.hit_of(user, "stackoverflow", tags or answered, NOW)))


@pytest.mark.parametrize("typed", QUERIES)
def test_a_directory_is_filtered_here_and_loses_nothing(typed):
    query = parse(typed)
    translation = translate(query, SearchSource.DIRECTORY)
    assert (translation.is_exact, translation.losses) == (True, ())
    assert parse(translation.query) == query
    assert remaining(query, SearchSource.DIRECTORY).matches({"text": "java"}) == query.matches({"text": "java"})


def test_the_sixty_queries_tell_people_apart():
    """Each finds somebody and none finds all, so that the comparisons above compare something."""
    found = Counter()
    for typed in QUERIES:
        query = parse(typed)
        found[typed] = sum(query.matches(sought.entry_document(person)) for person in PEOPLE)
    assert [typed for typed, number in found.items() if not 0 < number < len(PEOPLE)] == []


_ORG_FIELDS = {"first": "First_Name__c", "last": "Last_Name__c", "title": "Title__c", "employer": "Employer__c"} | {
    "city": "City__c",
    "country": "Country__c",
    "email": "Email__c",
    "text": "Resume_Text__c",
}


@pytest.fixture
def stocked(app):
    """Everybody as a candidate, skills as tags, every second with an application."""
    rows = [{name: getattr(person, own) for own, name in _ORG_FIELDS.items()} for person in PEOPLE]
    ids = [outcome.id for outcome in app.salesforce.create_many("Candidate__c", rows)]
    skills = sorted({skill for person in PEOPLE for skill in person.skills})
    made = app.salesforce.create_many(
        "Tag__c", [{"Name": skill, "Key__c": f"skill:{skill}", "Kind__c": "Skill"} for skill in skills]
    )
    tags = {skill: outcome.id for skill, outcome in zip(skills, made, strict=True)}
    app.salesforce.create_many(
        "Candidate_Tag__c",
        [
            {"Candidate__c": one, "Tag__c": tags[skill]}
            for one, person in zip(ids, PEOPLE, strict=True)
            for skill in person.skills
        ],
    )
    jobs = [app.salesforce.create("Job_Requisition__c", {"Name": name}) for name in ("Theatre nurse", "Java engineer")]
    app.salesforce.create_many(
        "Application__c",
        [
            {"Candidate__c": one, "Requisition__c": jobs[at % 4 // 2], "Stage__c": "Rejected", "Key__c": f"a:{at}"}
            for at, one in enumerate(ids)
            if at % 2 == 0
        ],
    )
    return app


@pytest.mark.parametrize("source", [SearchSource.ORG, SearchSource.APPLICANTS])
def test_the_org_finds_everybody_meant(stocked, source):
    everybody = {hit.source_id: document(hit) for hit in _hits(stocked, Translation(source, ""))}
    assert len(everybody) == len(PEOPLE) // (2 if source == SearchSource.APPLICANTS else 1)
    for typed in [*QUERIES, "stage:rejected java", "job:nurse", "stage:rejected job:java", "email:acme"]:
        query = parse(typed)
        wanted = {key for key, each in everybody.items() if query.matches(each)}
        found = {hit.source_id: document(hit) for hit in _hits(stocked, translate(query, source))}
        assert wanted <= set(found), f"{typed} missed {[everybody[key]['name'] for key in wanted - set(found)]}"
        assert set(filtered(query, source, found)) == wanted, typed


def test_accents_of_names_and_places_do_not_matter_to_the_org(app):
    app.salesforce.create("Candidate__c", {"First_Name__c": "Zoë", "Last_Name__c": "Müller", "City__c": "Malmö"})
    for typed in ("name:zoe", "Zoë", "last:muller city:malmo", "location:Malmö"):
        query = parse(typed)
        assert [query.matches(document(hit)) for hit in _hits(app, translate(query, SearchSource.ORG))] == [True], typed


@pytest.mark.slow
def test_the_org_finds_everybody_meant_by_any_query(stocked):
    hits = _hits(stocked, Translation(SearchSource.ORG, ""))
    # The org tells accents apart, and words without a field are asked for as they were typed.
    everybody = {hit.source_id: document(hit) for hit in hits if "Zoë" not in hit.full_name}

    @settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(trees(_ASKED))
    def holds(tree):
        query = Query(tree)
        wanted = {key for key, each in everybody.items() if query.matches(each)}
        found = {hit.source_id for hit in _hits(stocked, translate(query, SearchSource.ORG))}
        assert wanted <= found, f"{query.canonical} missed {[everybody[key]['name'] for key in wanted - found]}"

    holds()


def _hits(app, translation):
    return list(app.search_source(translation.source).search(translation, limit=1_000))


def test_x_ray_links_hold_at_most_the_words_that_an_engine_reads():
    query = parse(f"({' OR '.join(f'skill{number}' for number in range(50))}) AND title:engineer -junior")
    google = [link for link in links(query) if link.engine == "Google"]
    assert 1 < len(google) <= 8
    assert all(len([word for word in link.text.split() if word != "OR"]) <= 32 for link in google)
    assert {word.strip("()") for link in google for word in link.text.split() if "skill" in word} == {
        f"skill{number}" for number in range(50)
    }
    assert all("-junior" in link.text and "site:linkedin.com/in" in link.text for link in google)


def test_x_ray_links_write_nearness_as_each_engine_does():
    texts = {link.engine: (link.text, link.losses) for link in links(parse("java NEAR/3 “team lead” site:xing.com"))}
    assert texts["Google"] == ('site:xing.com java AROUND(3) "team lead"', ())
    assert texts["Bing"] == ('site:xing.com java NEAR:3 "team lead"', ())
    assert texts["DuckDuckGo"][0] == 'site:xing.com java "team lead"'
    assert "no nearness" in texts["DuckDuckGo"][1][0]


def test_a_skill_that_is_a_tag_and_an_address_kept_apart_are_found(app):
    one = app.salesforce.create("Candidate__c", {"First_Name__c": "Ada", "Last_Name__c": "Byrne", "City__c": "Cork"})
    app.salesforce.create("Candidate__c", {"First_Name__c": "Ben", "Last_Name__c": "Ward", "City__c": "Cork"})
    tag = app.salesforce.create("Tag__c", {"Name": "Kubernetes", "Key__c": "skill:k", "Kind__c": "Skill"})
    app.salesforce.create("Candidate_Tag__c", {"Candidate__c": one, "Tag__c": tag})
    address = {"Kind__c": "Profile", "Value__c": "https://github.com/ada", "Key__c": "profile:ada", "Candidate__c": one}
    app.salesforce.create("Contact_Point__c", address)
    for typed in ("kubernetes AND cork", "skill:kubernetes", "cork site:github.com", "kubernetes -ward", "kubern*"):
        query = parse(typed)
        hits = [hit for hit in _hits(app, translate(query, SearchSource.ORG)) if query.matches(document(hit))]
        assert [hit.last for hit in hits] == ["Byrne"], typed
