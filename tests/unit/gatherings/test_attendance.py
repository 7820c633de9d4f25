"""Places, the waiting list and the door, whatever the order in which messages arrive."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from integration.model.attendance import Answer, Attendance, Tick, answered, read, seated, ticked, written
from integration.model.vocabulary import AttendanceState as State

PEOPLE = ("ann", "ben", "cleo", "dan")
QUICK = settings(max_examples=60, deadline=None)
FACTS = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.sampled_from(("answer", "tick")),
        st.integers(1, 30),
        st.booleans(),
    ),
    max_size=14,
)


def told(people, fact):
    who, kind, at, word = fact
    one = people.get(who, Attendance(who))
    changed = answered(one, Answer(at, word)) if kind == "answer" else ticked(one, Tick(at, word), walk_in=True)
    return {**people, who: changed}


def settled(people, capacity):
    for one in seated(people.values(), capacity):
        people = {**people, one.id: one}
    return people


def after(facts, capacity, start=None):
    people = dict(start or {})
    for fact in facts:
        people = told(people, fact)
    return settled(people, capacity)


def seen(people):
    return {who: (one.state, one.answers, one.has_place) for who, one in people.items()}


@given(FACTS, FACTS, st.data(), st.integers(1, 3))
@QUICK
def test_any_order_and_any_repetition_give_the_same_end(first, later, data, capacity):
    start = after(first, capacity)
    shuffled = data.draw(st.permutations([*later, *later[:3]]))
    straight, mixed = after(later, capacity, start), after(shuffled, capacity, start)
    assert seen(straight) == seen(mixed)
    assert seen(after(later, capacity, straight)) == seen(straight)


@given(FACTS, st.integers(1, 3))
@QUICK
def test_places_are_never_more_than_there_are_and_go_by_turn(facts, capacity):
    people = {}
    for fact in facts:
        before = people
        people = settled(told(people, fact), capacity)
        given_now = [one for one in people.values() if one.has_place and not before.get(one.id, one).has_place]
        waiting = [one for one in people.values() if one.state is State.WAITING]
        assert not given_now or sum(one.takes_place for one in people.values()) <= capacity
        assert all(one.since <= other.since for one in given_now for other in waiting)


@given(FACTS, st.integers(1, 3))
@QUICK
def test_without_a_door_nobody_gets_a_place_too_much(facts, capacity):
    people = {}
    for fact in [fact for fact in facts if fact[1] == "answer"]:
        people = settled(told(people, fact), capacity)
        assert sum(one.takes_place for one in people.values()) <= capacity
        if any(one.state is State.WAITING for one in people.values()):
            assert sum(one.takes_place for one in people.values()) == capacity


def test_a_place_that_frees_moves_the_next_one_up_exactly_once():
    people = after([("ann", "answer", 1, True), ("ben", "answer", 2, True), ("cleo", "answer", 3, True)], 1)
    assert [people[who].state for who in ("ann", "ben", "cleo")] == [State.REGISTERED, State.WAITING, State.WAITING]
    people = after([("ann", "answer", 4, False)] * 2, 1, people)
    assert [people[who].state for who in ("ann", "ben", "cleo")] == [State.CANCELLED, State.REGISTERED, State.WAITING]


def test_whoever_comes_back_stands_at_the_end():
    people = after([("ann", "answer", 1, True), ("ben", "answer", 2, True)], 1)
    people = after([("ann", "answer", 5, True), ("ann", "answer", 4, False)], 1, people)
    assert (people["ann"].state, people["ben"].state) == (State.WAITING, State.REGISTERED)


def test_registering_twice_keeps_the_turn():
    people = after([("ann", "answer", 1, True), ("ben", "answer", 2, True), ("ben", "answer", 9, True)], 1)
    assert people["ben"].since == 2


def test_a_message_that_comes_late_takes_no_place_back():
    people = after([("ben", "answer", 2, True)], 1)
    people = after([("ann", "answer", 1, True)], 1, people)
    assert (people["ann"].state, people["ben"].state) == (State.WAITING, State.REGISTERED)


def test_a_tick_that_is_taken_back_leaves_the_person_registered():
    people = after([("ann", "answer", 1, True), ("ann", "tick", 5, True)], 1)
    assert people["ann"].state is State.ATTENDED
    assert after([("ann", "tick", 6, False)], 1, people)["ann"].state is State.REGISTERED


def test_after_the_end_who_had_a_place_and_did_not_come_is_a_no_show():
    people = after([("ann", "answer", 1, True), ("ben", "answer", 2, True)], 1)
    people = after([("cleo", "tick", 5, True)], 1, people)
    ends = {who: replace(one, over=True).state for who, one in people.items()}
    assert ends == {"ann": State.NO_SHOW, "ben": State.WAITING, "cleo": State.ATTENDED}


def test_without_a_limit_everybody_has_a_place():
    people = after([(who, "answer", at, True) for at, who in enumerate(PEOPLE, start=1)], None)
    assert {one.state for one in people.values()} == {State.REGISTERED}


@given(st.lists(st.tuples(st.integers(0, 2**41), st.booleans()), max_size=16), st.booleans() | st.none())
@QUICK
def test_answers_are_read_as_they_were_written(pairs, came):
    answers = tuple(sorted({Answer(*pair) for pair in pairs}))
    tick = None if came is None else Tick(2**41, came)
    assert read(written(answers, tick)) == (answers, tick)
    assert len(written(answers, tick)) <= 255


def test_what_nobody_wrote_is_left_out():
    assert read("x 12 y 5z 7y ７y t") == ((Answer(7, True),), None)
