"""Lighthouse of npm, run against one address as on a middling phone with a slow connection."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from integration.local.tools import node_folder, node_tool
from tests.browser.chromium import CHROMIUM

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
_FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
_LONGEST_SECONDS = 240
_DESKTOP_INDEX = 1_500
"""Lighthouse's benchmark of the machines for which four times slower is a middling phone."""


@dataclass(frozen=True)
class Report:
    """Scores from 0 to 1, how far the page moved while it loaded, what cost points, how fast the machine was."""

    scores: dict
    shift: float
    lost: list
    machine: float

    @property
    def slowdown(self):
        """What makes this machine a middling phone, as Lighthouse's own guide to throttling says."""
        return max(1.0, min(4.0, 4 * self.machine / _DESKTOP_INDEX))


def judged(url: str, kept: Path, *, skip: tuple[str, ...] = (), slowdown: float = 4.0) -> Report | None:
    """The report of one page, kept as JSON; None when the browser gave no whole trace. `skip` names audits."""
    program = node_tool("lighthouse") / "node_modules/lighthouse/cli/index.js"
    command = [str(node_folder() / "node"), str(program), url, "--output=json", f"--output-path={kept}", "--quiet"]
    command += [f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={_FLAGS}", "--no-enable-error-reporting"]
    command += [f"--throttling.cpuSlowdownMultiplier={slowdown}", *(f"--skip-audits={audit}" for audit in skip)]
    kept.unlink(missing_ok=True)
    done = subprocess.run(
        command, env={**os.environ, "CHROME_PATH": CHROMIUM}, capture_output=True, text=True, timeout=_LONGEST_SECONDS
    )
    if done.returncode and "NO_NAVSTART" not in done.stderr:
        raise AssertionError(done.stderr[-2_000:])
    found = json.loads(kept.read_text())
    return None if found.get("runtimeError") else _report(found)


def _report(found: dict) -> Report:
    categories, audits = found["categories"], found["audits"]
    counted = {each["id"] for name in CATEGORIES for each in categories[name]["auditRefs"] if each["weight"]}
    lost = sorted(
        name for name in counted & audits.keys() if audits[name]["score"] is not None and audits[name]["score"] < 1
    )
    return Report(
        {name: categories[name]["score"] for name in CATEGORIES},
        audits["cumulative-layout-shift"]["numericValue"],
        [f"{name}: {audits[name].get('displayValue') or audits[name]['title']}" for name in lost],
        found["environment"]["benchmarkIndex"],
    )
