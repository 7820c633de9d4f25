"""Record-triggered flows: their XML compiled once, run before and after each save."""

from integration.local.org.flow.interview import Dml, Match
from integration.local.org.flow.runner import FlowError, FlowRunner

__all__ = ["Dml", "FlowError", "FlowRunner", "Match"]
