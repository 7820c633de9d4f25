"""A running drip with other steps: where those who wait would stand, and what that changes for how many."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo
from typing import NamedTuple

from integration.model.schedule import Window
from integration.model.series import Place, Step, due_of, has_had
from integration.model.series_words import days, words

Steps = Sequence[Step]


class Change(NamedTuple):
    """One thing that an edit changes for a person."""

    rank: int
    what: str
    """Completes “312 people …” and “1 person …”, with the verb at `{s}`."""


def moved(old: Steps, new: Steps, place: Place, window: Window, zone: tzinfo) -> Place:
    """The place in the new steps: behind the last step that the person has passed and that is still there."""
    number = _behind_last(old, new, place.number)
    anchor_step = place.anchor_step
    if anchor_step and not any(step.id == anchor_step for step in new):
        anchor_step = new[number - 1].id if number else ""
    there = replace(place, number=number, anchor_step=anchor_step)
    return replace(there, due=due_of(new, there, window, zone)) if number < len(new) else there


def changes(old: Steps, new: Steps, place: Place) -> list[Change]:
    """What is different for somebody who stands at `place` of the old steps."""
    number, found = _behind_last(old, new, place.number), []
    before = {step.id: step for step in old[place.number :] if not has_had(step, place)}
    after = {step.id: (index, step) for index, step in enumerate(new) if index >= number and not has_had(step, place)}
    for step_id, (index, step) in after.items():
        name = words(replace(step, wait=None, only_if=None), index + 1)
        was = before.get(step_id)
        if was is None:
            found.append(Change(index, f"get{{s}} a new step: {name}"))
            continue
        shift = _days_from_anchor(new, step, place) - _days_from_anchor(old, was, place)
        if shift:
            found.append(Change(index, f"get{{s}} {name} {days(abs(shift))} {'earlier' if shift < 0 else 'later'}"))
        if was.hold_out != step.hold_out:
            found.append(Change(index, f"get{{s}} {name} with {step.hold_out:g} % held out"))
        if _mails(was).keys() != _mails(step).keys():
            found.append(Change(index, f"get{{s}} other variants in {name}"))
        elif _mails(was) != _mails(step):
            found.append(Change(index, f"get{{s}} a changed mail in {name}"))
        elif was.variants != step.variants:
            shares = ", ".join(f"{one.variant} {one.share:g} %" for one in step.variants)
            found.append(Change(index, f"get{{s}} variants by other shares ({shares}) in {name}"))
        if _path(was) != _path(step):
            found.append(Change(index, f"get{{s}} by other rules: {words(step, index + 1)}"))
    gone = [step for step_id, step in before.items() if step_id not in after]
    return found + [Change(len(new), f"no longer get{{s}} “{step.name or step.id}”") for step in gone]


def difference(places: Mapping[tuple[int, Place], int], plans: Mapping[int, Steps], new: Steps) -> list[str]:
    """Lines such as “312 people get Step 3 2 days earlier.” `places`: (version, place) and how many stand there."""
    counted: Counter[Change] = Counter()
    for (version, place), people in places.items():
        for change in changes(plans[version], new, place):
            counted[change] += people
    return [_line(change, count) for change, count in sorted(counted.items())]


def affected(places: Mapping[tuple[int, Place], int], plans: Mapping[int, Steps], new: Steps) -> int:
    """How many would get anything else than they would without the change."""
    return sum(count for (version, place), count in places.items() if changes(plans[version], new, place))


def outline(steps: Sequence[Step]) -> str:
    """One line per step for those who join from now on."""
    held_out = [f", {step.hold_out:g} % held out" if step.hold_out else "" for step in steps]
    return "\n".join(
        f"Day {step.day}: {words(step, number)}{held_out[number - 1]}" for number, step in enumerate(steps, start=1)
    )


def _line(change: Change, count: int) -> str:
    return f"{count:,} {'person' if count == 1 else 'people'} {change.what.format(s='s' if count == 1 else '')}."


def _behind_last(old: Steps, new: Steps, number: int) -> int:
    at = {one: index for index, step in enumerate(new) for one in step.ids}
    return next((at[one] + 1 for step in reversed(old[:number]) for one in step.ids if one in at), 0)


def _mails(step: Step) -> dict[str, str]:
    return {one.id: one.version for one in step.mails}


def _days_from_anchor(steps: Steps, step: Step, place: Place) -> int:
    return step.day - next((each.day for each in steps if each.id == place.anchor_step), 0)


def _path(step: Step) -> tuple[object, ...]:
    return (
        step.wait,
        step.wait_days if step.wait else 0,
        step.at_time_out if step.wait else "",
        step.only_if,
        step.unless,
    )
