"""The path of a drip: waits, branches and time-outs, the same for every order in which signals are heard."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from integration.model.rehearsal import Habit, rehearse
from integration.model.schedule import ALWAYS
from integration.model.series import Act, Ask, Place, Step, asked, decide
from integration.model.signal import Signal, SignalKind
from integration.model.vocabulary import AtTimeOut

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
CLICKED = Ask(SignalKind.CLICKED, "a")
BRANCHES = [
    Step("a", "1", 0),
    Step("yes", "1", 3, only_if=CLICKED),
    Step("no", "1", 3, only_if=CLICKED, unless=True),
    Step("end", "1", 7),
]
WAITING = [Step("a", "1", 0), Step("b", "1", 2, wait=CLICKED, wait_days=5), Step("c", "1", 4)]


def signal(kind=SignalKind.CLICKED, step="a", cause="1", link=""):
    return Signal(kind, "k", START.isoformat(), cause, step=step, link=link)


def walk(steps, heard=(), days=60):
    """(day, step id) of what is sent to somebody of whom `heard` [(day, signal)] is heard; looks once a day."""
    place, sent = Place(due=START + timedelta(days=steps[0].day), anchor=START), []
    for day in range(days):
        now = START + timedelta(days=day)
        known = [each for when, each in heard if when <= day]
        while (decision := decide(steps, place, known, now, ALWAYS, UTC)).act is Act.SEND:
            sent.append((day, decision.step.id))
            place = decision.place
        place = decision.place
        if decision.act is not Act.WAIT:
            return sent, decision.act
    return sent, Act.WAIT


def test_who_clicked_and_who_did_not_take_different_branches():
    assert walk(BRANCHES, [(1, signal())])[0] == [(0, "a"), (3, "yes"), (7, "end")]
    assert walk(BRANCHES)[0] == [(0, "a"), (3, "no"), (7, "end")]


def test_a_click_in_another_mail_is_not_the_one_that_was_asked_for():
    assert walk(BRANCHES, [(1, signal(step="end"))])[0] == [(0, "a"), (3, "no"), (7, "end")]


def test_one_of_the_named_links_must_have_been_clicked():
    steps = [BRANCHES[0], replace(BRANCHES[1], only_if=replace(CLICKED, links=("7",)))]
    assert walk(steps, [(1, signal(link="8"))])[0] == [(0, "a")]
    assert walk(steps, [(1, signal(link="8")), (2, signal(link="7"))])[0] == [(0, "a"), (3, "yes")]


def test_who_clicked_has_opened():
    steps = [BRANCHES[0], replace(BRANCHES[1], only_if=Ask(SignalKind.OPENED, "a"))]
    assert walk(steps, [(1, signal())])[0] == [(0, "a"), (3, "yes")]


def test_a_wait_goes_on_with_the_click_and_the_days_after_it_count_from_there():
    assert walk(WAITING, [(4, signal())])[0] == [(0, "a"), (4, "b"), (6, "c")]


def test_a_click_before_the_days_are_over_does_not_hurry_the_step():
    assert walk(WAITING, [(1, signal())])[0] == [(0, "a"), (2, "b"), (4, "c")]


def test_a_wait_in_vain_skips_sends_or_ends_as_was_chosen():
    assert walk(WAITING) == ([(0, "a"), (9, "c")], Act.DONE)
    anyway = [WAITING[0], replace(WAITING[1], at_time_out=AtTimeOut.SEND), WAITING[2]]
    assert walk(anyway)[0] == [(0, "a"), (7, "b"), (9, "c")]
    over = [WAITING[0], replace(WAITING[1], at_time_out=AtTimeOut.END), WAITING[2]]
    assert walk(over) == ([(0, "a")], Act.END)


def test_what_leads_on_does_not_end_the_series_and_its_opposite_does():
    reply = Ask(SignalKind.REPLIED)
    assert asked([Step("a", "1", 0), Step("b", "1", 1, wait=reply)]) == {SignalKind.REPLIED}
    assert asked([Step("a", "1", 0), Step("b", "1", 1, only_if=reply, unless=True)]) == frozenset()


asks = st.builds(Ask, st.sampled_from(list(SignalKind)), st.sampled_from(["", "s0", "s1"]))
paths = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.none() | asks,
        st.integers(0, 4),
        st.sampled_from(AtTimeOut),
        st.none() | asks,
        st.booleans(),
    ),
    min_size=1,
    max_size=5,
)
signals = st.lists(
    st.tuples(
        st.integers(0, 30), st.builds(signal, st.sampled_from(list(SignalKind)), st.sampled_from(["s0", "s1", "s2"]))
    ),
    max_size=6,
)


def made(rows):
    day, steps = 0, []
    for number, (delay, wait, days, out, only_if, unless) in enumerate(rows):
        day += delay
        steps.append(Step(f"s{number}", "1", day, wait, days, out, only_if, unless))
    return steps


@given(paths, signals, st.randoms())
def test_order_and_repetition_of_signals_never_change_the_path(rows, heard, random):
    steps = made(rows)
    shuffled = heard + [random.choice(heard) for _ in range(3) if heard]
    random.shuffle(shuffled)
    assert walk(steps, shuffled) == walk(steps, heard)


@given(paths, signals)
def test_each_step_goes_at_most_once_in_order_and_never_early(rows, heard):
    steps = made(rows)
    sent = walk(steps, heard)[0]
    ids = [step for _, step in sent]
    assert ids == sorted(set(ids))
    assert [day for day, _ in sent] == sorted(day for day, _ in sent)
    first = next((day for day, step in sent if step == "s0"), None)
    assert first is None or first >= steps[0].day


@given(paths)
def test_a_step_survives_being_frozen(rows):
    assert [Step.from_item(step.as_item()) for step in made(rows)] == made(rows)


def test_a_rehearsal_says_what_happens_and_why_not():
    lines = rehearse(BRANCHES, Habit("clicks", SignalKind.CLICKED, timedelta(days=1)), START, ALWAYS, UTC)
    told = [((line.at - START).days, line.what, line.step) for line in lines]
    assert told == [
        (0, "send", "a"),
        (1, "does", "a"),
        (3, "send", "yes"),
        (3, "left out", "no"),
        (4, "does", "yes"),
        (7, "send", "end"),
        (7, "done", ""),
    ]


def test_a_rehearsed_reply_ends_the_series():
    lines = rehearse(BRANCHES, Habit("replies", SignalKind.REPLIED, timedelta(days=2)), START, ALWAYS, UTC)
    assert [(line.what, line.note) for line in lines[-2:]] == [("does", "replied"), ("end", "Replied")]
