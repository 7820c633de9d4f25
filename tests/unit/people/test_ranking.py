"""The score of a person found: visible criteria, nothing personal."""

from hypothesis import given
from hypothesis import strategies as st

from integration.model.ranking import PLACES, score
from integration.prospecting.query import parse
from integration.prospecting.searches.terms import ways_of

NURSE = {"title": "Intensive care nurse", "employer": "Harbour Hospital", "location": "Cork"}


def ranked(query, document, addresses=(), sources=1):
    scores = (score(way, document, addresses=addresses, sources=sources) for way in ways_of(parse(query)))
    return max(scores, key=lambda found: found.points)


def test_every_point_has_a_reason():
    found = ranked("nurse AND hospital AND (cork OR lyon)", NURSE, ["Email", "Phone"], 2)
    assert found.reasons == (
        "“nurse” in the title: 25 points",
        "“hospital” in the employer: 20 points",
        "“cork” in the location: 20 points",
        "An e-mail address is known: 10 points",
        "Phone known: 5 points",
        "2 sources found the person: 5 points",
        "Title and employer are known: 5 points",
    )
    assert found.points == 90


def test_the_best_place_of_a_word_counts():
    assert ranked("nurse", {"text": "nurse", "title": "nurse"}) == ranked("nurse", {"title": "nurse"})
    assert ranked("nurse", {"text": "nurse"}).points < ranked("nurse", {"title": "nurse"}).points


def test_one_of_several_alternatives_is_enough():
    assert ranked("nurse OR midwife OR carer", NURSE).reasons[0] == "“nurse” in the title: 75 points"
    nobody = ranked("(midwife OR pilot) AND nurse", NURSE)
    assert nobody.reasons[0] == "“midwife” or “pilot” not found where it would count: 0 points"


def test_what_is_excluded_earns_nothing():
    assert ranked("nurse NOT manager", NURSE).points == ranked("nurse", NURSE).points


def test_a_field_of_the_query_is_looked_for_there():
    assert ranked("title:nurse", {"text": "nurse"}).reasons[0].startswith("“nurse” not found")
    assert ranked("title:nurse", NURSE).reasons[0] == "“nurse” in the title: 75 points"


def test_phrases_wildcards_and_near_count_as_one_term():
    reasons = ranked('"care nurse" AND hosp* AND intensive NEAR/2 nurse', NURSE).reasons
    assert [reason.split(":")[0] for reason in reasons[:3]] == [
        "“care nurse” in the title",
        "“hosp*” in the employer",
        "“intensive near nurse” in the title",
    ]


@given(
    st.dictionaries(
        st.sampled_from(["name", "first", "last", "email", "phone", "gender", "birth_date", "photo"]), st.text()
    ),
)
def test_no_personal_trait_counts(personal):
    """Names, addresses and whatever else a source may say of a person change no score."""
    assert not set(personal) & set(PLACES)
    assert ranked("ada OR nurse", {**NURSE, **personal}) == ranked("ada OR nurse", NURSE)


@given(
    st.dictionaries(st.sampled_from(sorted(PLACES)), st.text()),
    st.lists(st.sampled_from(["Email", "Phone", "Profile"])),
    st.integers(1, 9),
)
def test_a_score_is_between_0_and_100_and_adds_up(document, addresses, sources):
    found = ranked("nurse AND (cork OR care) NOT manager", document, addresses, sources)
    assert 0 <= found.points <= 100
    parts = [float(reason.rsplit(": ", 1)[1].split()[0]) for reason in found.reasons]
    assert abs(sum(parts) - found.points) <= 0.5 + 0.05 * len(parts)
