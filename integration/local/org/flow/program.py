"""A flow compiled once: when it starts and what it then does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from integration.local.org.errors import RowError
from integration.local.org.flow.conditions import Test, filters
from integration.local.org.flow.elements import Step, assignment, custom_error, decision, target
from integration.local.org.flow.interview import Dml, Interview
from integration.local.org.flow.resources import Resources
from integration.local.org.flow.supported import ELEMENT_KINDS, unsupported
from integration.local.org.flow.writes import record_create, record_lookup, record_update
from integration.local.org.formula import FormulaError, Formulas, Frame, compile_node, parse
from integration.metadata.schema import Flow
from integration.metadata.xml import flag, line_of, text

BEFORE, AFTER = "RecordBeforeSave", "RecordAfterSave"
_MOST_STEPS = 2000
_ON = {"Create": (True, False), "Update": (False, True), "CreateAndUpdate": (True, True)}
_DEFAULT_ORDER = 1000
_WRITING = ("recordCreates", "recordLookups", "recordUpdates")


class Problem(NamedTuple):
    """What in a flow cannot be run, and in which line of its file it stands."""

    line: int
    text: str


StepCompiler = Callable[[Resources, Element], Step]


@dataclass(frozen=True)
class Program:
    """One record-triggered flow, ready to run."""

    name: str
    label: str
    object: str
    is_before: bool
    on_create: bool
    on_update: bool
    order: tuple[int, str]
    starts: Test | None
    """None: always."""
    first: str
    steps: dict[str, Step]
    variables: dict[str, Any]

    def run(self, frame: Frame, dml: Dml | None) -> None:
        """Runs the flow if its conditions hold."""
        if self.starts is not None and not self.starts(frame):
            return
        # Each flow has its own variables; the frame is shared by all flows of the save.
        frame.variables = dict(self.variables)
        interview = Interview(frame, dml)
        name, left = self.first, _MOST_STEPS
        while name:
            left -= 1
            if not left:
                raise RowError("CANNOT_EXECUTE_FLOW_TRIGGER", f"{self.label}: too many elements executed")
            name = self.steps[name](interview)


def compile_flow(flow: Flow, formulas: Formulas) -> tuple[Program | None, list[Problem]]:
    """The program of an active record-triggered flow, or what is wrong with it."""
    problems = [Problem(line_of(place), f"{each} is not supported") for each, place in unsupported(flow.xml)]
    if flow.trigger not in (BEFORE, AFTER):
        problems.append(_at(flow, "start/triggerType", f"the trigger {flow.trigger} is not supported"))
    if flow.record_trigger not in _ON:
        what = f"starting on {flow.record_trigger or 'nothing'} is not supported"
        problems.append(_at(flow, "start/recordTriggerType", what))
    info = formulas.catalog.object(flow.object)
    if info is None:
        problems.append(_at(flow, "start/object", f"there is no object {flow.object}"))
    if problems or info is None:
        return None, problems
    try:
        resources = Resources(flow.xml, info, formulas)
        resources.check()
        starts = _starts(resources, flow.xml)
    except FormulaError as error:
        return None, [Problem(_line_of_formula(flow, str(error)), str(error))]
    steps, problems = _steps(resources, flow)
    first = target(flow.xml, "start/connector")
    problems += [
        Problem(line_of(place), f"nothing is called {name}")
        for name, place in sorted(_targets(flow.xml).items())
        if name not in steps
    ]
    creates, updates = _ON[flow.record_trigger]
    order = (int(text(flow.xml, "triggerOrder") or _DEFAULT_ORDER), flow.name)
    is_before = flow.trigger == BEFORE
    program = Program(
        flow.name, flow.label, info.name, is_before, creates, updates, order, starts, first, steps, resources.initial
    )
    return (None if problems else program), problems


def _at(flow: Flow, path: str, problem: str) -> Problem:
    return Problem(line_of(flow.xml.find(path)), problem)


def _line_of_formula(flow: Flow, problem: str) -> int:
    """The resource that the problem names, else the start's formula."""
    for kind in ("formulas", "variables", "constants"):
        for each in flow.xml.iterfind(kind):
            if text(each, "name") in problem.split() or f"{text(each, 'name')}:" in problem:
                return line_of(each)
    return line_of(flow.xml.find("start/filterFormula"))


def _steps(resources: Resources, flow: Flow) -> tuple[dict[str, Step], list[Problem]]:
    is_before = flow.trigger == BEFORE
    compilers: dict[str, StepCompiler] = {
        "assignments": lambda known, element: assignment(known, element, before_save=is_before),
        "decisions": decision,
        "customErrors": custom_error,
        "recordCreates": record_create,
        "recordLookups": record_lookup,
        "recordUpdates": record_update,
    }
    steps: dict[str, Step] = {}
    problems: list[Problem] = []
    for kind in ELEMENT_KINDS:
        for element in flow.xml.iterfind(kind):
            name = text(element, "name")
            if is_before and kind in _WRITING:
                problems.append(Problem(line_of(element), f"{kind} {name} is not supported before the save"))
                continue
            try:
                steps[name] = compilers[kind](resources, element)
            except FormulaError as error:
                problems.append(Problem(line_of(element), f"{kind} {name}: {error}"))
                steps[name] = _broken
    return steps, problems


def _broken(interview: Interview) -> str:
    raise AssertionError("a flow with problems never runs")


def _targets(flow: Element) -> dict[str, Element]:
    return {(each.text or "").strip(): each for each in flow.iter("targetReference")}


def _starts(resources: Resources, flow: Element) -> Test | None:
    start = flow.find("start")
    if start is None:
        return None
    test = filters(resources, start)
    if formula := text(start, "filterFormula"):
        if test is not None:
            raise FormulaError("start has both filters and a formula")
        test = _formula_test(resources, formula)
    if test is None or not flag(start, "doesRequireRecordChangedToMeetCriteria"):
        return test
    return _newly(test)


def _formula_test(resources: Resources, formula: str) -> Test:
    compiled = compile_node(parse(formula), resources.names)
    if compiled.sort != "boolean":
        raise FormulaError(f"a condition must be true or false, not {compiled.sort}: {formula}")
    run = compiled.run
    return lambda frame: bool(run(frame))


def _newly(test: Test) -> Test:
    """True when the record meets the conditions now and did not before."""

    def changed(frame: Frame) -> bool:
        if not test(frame):
            return False
        return frame.prior is None or not test(Frame(frame.prior, frame.prior, frame.context))

    return changed
