"""What Check looks at besides records and templates: sender, headers, links that lead outside, and who is left."""

import email
import email.policy
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from html import escape
from typing import TYPE_CHECKING

from integration.campaigns.audience import Estimate
from integration.campaigns.reading import Campaign
from integration.errors import shortened
from integration.messages.findings import Finding
from integration.messages.previewing import written
from integration.messages.slots import PERSONA
from integration.model.message import Message

if TYPE_CHECKING:
    from integration.app import App

AT_ONCE = 8
SECONDS = 20.0
"""How long links are tried in all; a check must not hang on somebody else's server."""
LONGEST = 30_000


def of_audience(campaign: Campaign, estimate: Estimate) -> list[Finding]:
    """Nobody to write to is an error of a blast; a drip may wait for its people."""
    if estimate.reached:
        return []
    reasons = ", ".join(f"{count:,} {why}" for why, count in sorted(estimate.left_out.items()))
    text = f"nobody can be reached{f': {reasons}' if reasons else ', the pools have no members'}."
    if campaign.is_drip:
        return [Finding("Audience", 0, f"{text} The drip waits for new members.", error=False)]
    return [Finding("Audience", 0, f"{text} Add a pool, or people to it.")]


def of_headers(app: "App", messages: Iterable[Message]) -> list[Finding]:
    """Whether the mail as it is sent lets people leave by one click, as RFC 8058 has it."""
    found = []
    for message in messages:
        mail = email.message_from_bytes(written(app, message, "alex@example.com", PERSONA), policy=email.policy.default)
        header = str(mail["List-Unsubscribe"] or "")
        if "://" not in header or str(mail["List-Unsubscribe-Post"]) != "List-Unsubscribe=One-Click":
            found.append(Finding("Unsubscribe", 0, "the mail has no header for it. Tell your administrator."))
        elif "<https://" not in header:
            text = "mail programs offer one click only for an https address, and the site's has none."
            found.append(Finding("Unsubscribe", 0, text, error=False))
    return found


def of_outside_links(app: "App", messages: Iterable[Message]) -> list[Finding]:
    """Advice about links to other sites that do not open. At most so many are tried, each once."""
    base = f"{app.config.public_base_url}/"
    targets = dict.fromkeys(one.target for message in messages for one in message.links)
    wanted = [one for one in targets if one.startswith(("http://", "https://")) and not one.startswith(base)]
    tried, left = wanted[: app.config.link_checks], len(wanted[app.config.link_checks :])
    if not tried:
        return []
    faults = _tried(app, tried)
    found = [
        Finding("Links", 0, f"the link {shortened(one)} {fault}. Open it yourself, or take it out.", error=False)
        for one, fault in faults.items()
        if fault
    ]
    left += len(tried) - len(faults)
    if left:
        found.append(
            Finding("Links", 0, f"{left:,} {'link' if left == 1 else 'links'} to other sites not tried.", error=False)
        )
    return found


def _tried(app: "App", targets: Sequence[str]) -> dict[str, str]:
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="links")
    running = {target: pool.submit(app.link_check.fault, target) for target in targets}
    wait(running.values(), timeout=SECONDS)
    pool.shutdown(wait=False, cancel_futures=True)
    return {target: one.result() for target, one in running.items() if one.done() and not one.cancelled()}


def as_page(findings: Iterable[Finding], estimate: Estimate | None, looked_at: str) -> str:
    """The findings for a rich text field: what stops the campaign first, then advice, then who would get no mail."""
    ordered = sorted(dict.fromkeys(findings), key=lambda one: (not one.error, one.part, one.line))
    lines = [_line(one) for one in ordered] or ["<li>✓ nothing to put right</li>"]
    blocked = ""
    if estimate is not None and (estimate.left_out or estimate.excluded):
        reasons = {**estimate.left_out, "are members of an excluded pool": estimate.excluded}
        rows = "".join(f"<li>{count:,} {escape(why)}</li>" for why, count in sorted(reasons.items()) if count)
        blocked = f"<p><b>Would get no mail</b></p><ul>{rows}</ul>"
    whole = f"<p>{escape(looked_at)}</p><ul>{''.join(lines)}</ul>{blocked}"
    return whole if len(whole) <= LONGEST else f"<p>{escape(looked_at)}</p><ul>{''.join(lines[:50])}</ul>"


def _line(finding: Finding) -> str:
    place = f"{finding.part}, line {finding.line}" if finding.line else finding.part
    return f"<li>{'✗' if finding.error else '△'} <b>{escape(place)}</b>: {escape(finding.text)}</li>"
