"""Runs the record-triggered flows of the metadata when a record is saved."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from integration.local.org.catalog import Catalog
from integration.local.org.errors import RowError
from integration.local.org.flow.interview import Dml
from integration.local.org.flow.program import Program, compile_flow
from integration.local.org.formula import Context, Formulas, Frame
from integration.metadata.source import Finding


class FlowError(Exception):
    """Flows that cannot be run as they are written; `problems` names file and element of each, `findings` the line."""

    def __init__(self, findings: list[Finding]) -> None:
        self.problems = [f"{each.path.name}: {each.message}" for each in findings]
        super().__init__("these flows cannot be run here:\n" + "\n".join(self.problems))
        self.findings = findings


class FlowRunner:
    """The active flows of one catalog, compiled."""

    def __init__(self, catalog: Catalog, formulas: Formulas | None = None) -> None:
        formulas = formulas or Formulas(catalog)
        programs: list[Program] = []
        findings: list[Finding] = []
        for flow in catalog.schema.flows.values():
            if not flow.active or not flow.trigger:
                # Without a trigger only a person or another flow starts it; saving a record never does.
                continue
            program, found = compile_flow(flow, formulas)
            where = flow.source or Path(flow.name)
            findings += [Finding(where, line, problem) for line, problem in found]
            if program is not None:
                programs.append(program)
        if findings:
            raise FlowError(findings)
        programs.sort(key=lambda each: each.order)
        self._programs = {
            (name, is_before, is_new): tuple(
                each
                for each in programs
                if each.object == name
                and each.is_before == is_before
                and (each.on_create if is_new else each.on_update)
            )
            for name in {each.object for each in programs}
            for is_before in (True, False)
            for is_new in (True, False)
        }

    def has_before_save(self, object_name: str, *, is_new: bool) -> bool:
        """Whether any flow may change such a record before it is saved."""
        return bool(self._programs.get((object_name, True, is_new)))

    def has_after_save(self, object_name: str, *, is_new: bool) -> bool:
        """Whether any flow may act after such a record is saved."""
        return bool(self._programs.get((object_name, False, is_new)))

    def before_save(
        self, object_name: str, record: dict[str, Any], prior: Mapping[str, Any] | None, context: Context
    ) -> None:
        """Lets the before-save flows change the record in place."""
        programs = self._programs.get((object_name, True, prior is None))
        if programs:
            frame = Frame(record, prior, context)
            for program in programs:
                program.run(frame, None)

    def after_save(
        self,
        object_name: str,
        record: Mapping[str, Any],
        prior: Mapping[str, Any] | None,
        context: Context,
        dml: Dml,
    ) -> None:
        """Runs the after-save flows; what they write belongs to the transaction of `dml`."""
        for program in self._programs.get((object_name, False, prior is None), ()):
            try:
                program.run(Frame(record, prior, context), dml)
            except RowError as error:
                if error.code != "CANNOT_EXECUTE_FLOW_TRIGGER":
                    raise
                raise RowError(error.code, _explained(program, error), error.fields) from error


def _explained(program: Program, error: RowError) -> str:
    words = f"We can't save this record because the “{program.label}” process failed."
    return error.message if error.message.startswith("We can't save") else f"{words} {error.message}"
