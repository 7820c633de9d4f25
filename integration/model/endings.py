"""Which signals end a person's series, and how the enrollment names the reason."""

from integration.model.signal import Signal, SignalKind

_ALWAYS = frozenset({SignalKind.HIRED, SignalKind.UNSUBSCRIBED})
_UNLESS_ASKED = frozenset({SignalKind.REPLIED, SignalKind.APPLIED, SignalKind.STAGE_CHANGED})
_REASON = {
    SignalKind.REPLIED: "Replied",
    SignalKind.APPLIED: "Applied",
    SignalKind.STAGE_CHANGED: "Stage changed",
    SignalKind.HIRED: "Hired",
    SignalKind.UNSUBSCRIBED: "Unsubscribed",
}


def ends(kind: SignalKind, asked: frozenset[SignalKind] = frozenset()) -> bool:
    """Whether a signal is the end. `asked`: what the steps wait for or branch on, so that it leads on instead."""
    return kind in _ALWAYS or (kind in _UNLESS_ASKED and kind not in asked)


def reason_of(signal: Signal) -> str:
    """As `Exit_Reason__c` shows it: `ATS: Interview`, `Replied`."""
    if signal.kind is SignalKind.STAGE_CHANGED and signal.detail:
        return f"ATS: {signal.detail}"
    return _REASON[signal.kind]
