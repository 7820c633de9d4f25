"""Who or what answered: a person, a person who wants no more mail, an absence, another machine, a bounce, a complaint.

The order is that of certainty: what says in a machine's own words what it is comes first. Only a person's own text,
never a quote, can be a wish; in doubt a mail is a person's, because that is what somebody looks at.
"""

import re

from integration.model.absences import back_on
from integration.model.incoming import Incoming, Kind, Report, Verdict
from integration.model.stop_words import asks_to_stop, mentions_stopping

_AWAY_SUBJECT = re.compile(
    r"(?:auto(?:matic|matisch\w*|mātisk\w*)?[ :-]?\s?(?:reply|response|antwort|antwoord|svar|vastaus|respuesta|"
    r"resposta)|out[ -]of[ -](?:the[ -])?office|ooo\b|away from|abwesen|automatische (?:antwort|abwesen)|"
    r"nicht im büro|"
    r"ich bin (?:nicht|bis|ab|im urlaub|derzeit|abwesend)|im urlaub|urlaub\b|réponse automatique|absence|absent|"
    r"message d['’]absence|je suis absent|en congés?|respuesta automática|fuera de (?:la )?oficina|ausencia|"
    r"de vacaciones|risposta automatica|fuori (?:sede|ufficio)|assenza|in ferie|automatisch antwoord|afwezig|"
    r"niet aanwezig|met vakantie|resposta automática|ausência|fora do escritório|de férias|"
    r"automatyczna odpowiedź|autoodpowiedź|odpowiedź automatyczna|nieobecn|poza biurem|na urlopie|autosvar|"
    r"frånvaro|fraværs|ikke til stede|poissa|automatická odpověď|mimo kancelář|"
    r"i am (?:currently )?(?:out|away|on)|on (?:annual |parental |maternity |sick )?leave|on (?:holiday|vacation))",
    re.IGNORECASE,
)
_AWAY_TEXT = re.compile(
    r"\b(?:out of (?:the )?office|on (?:annual |parental |maternity )?leave|on (?:holiday|vacation)|"
    r"away (?:from|until)|(?:derzeit|momentan|bis) .{0,40}(?:abwesend|nicht (?:im büro|erreichbar))|abwesend|"
    r"im urlaub|"
    r"absente?(?: du bureau)?|en congés?|fuera de (?:la )?oficina|de vacaciones|fuori (?:sede|ufficio)|in ferie|"
    r"afwezig|met vakantie|de férias|ausente|nieobecn\w+|na urlopie|på semester|på ferie|lomalla)\b",
    re.IGNORECASE,
)
_REPLY_MARK = re.compile(r"\s*(?:re|aw|sv|vs|antw|rif|odp|res|enc)\s?(?:\[\d+\])?:", re.IGNORECASE)
_BOUNCE_SENDER = re.compile(r"^(?:mailer-daemon|postmaster|mail\.?daemon|bounces?)\b", re.IGNORECASE)
_BOUNCE_SUBJECT = re.compile(
    r"undeliver|delivery (?:status notification|failure|has failed)|mail delivery (?:failed|subsystem)|"
    r"returned mail|failure notice|unzustellbar|nicht zustellbar|non remis|échec de (?:la )?remise|"
    r"no se puede entregar|no entregado|mancato recapito|onbestelbaar|niet bezorg|não entregue|niedostarczalna|"
    r"nie dostarczono",
    re.IGNORECASE,
)
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<!\d)([45]\d\d)(?!\d)")
_UNSUBSCRIBE_SUBJECT = re.compile(
    r"\s*(?:unsubscribe|remove|abmelden|désinscription|désabonnement|baja)\s*", re.IGNORECASE
)
_WRONG_ADDRESS = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})
"""No such mailbox, no such host, bad form, moved. Everything else may be well tomorrow: full, switched off, or a
server that did not like the mail (5.7.x), which says nothing of the address."""


def judge(mail: Incoming) -> Verdict:
    """What the mail is, by which rule."""
    return (
        _of_report(mail)
        or _of_bounce_without_report(mail)
        or _of_wish_by_address(mail)
        or _of_machine(mail)
        or _of_person(mail)
    )


def _of_report(mail: Incoming) -> Verdict | None:
    report = mail.report
    if report is None:
        return None
    if report.kind == "feedback-report":
        kind = report.fields.get("feedback-type", "abuse").lower()
        if kind == "not-spam":
            return Verdict(Kind.AUTOMATIC, "a provider says that a mail was no spam")
        return Verdict(Kind.COMPLAINT, f"feedback report: {kind[:20]}")
    if report.kind == "disposition-notification":
        return Verdict(Kind.AUTOMATIC, "a receipt")
    return _bounce(report)


def _bounce(report: Report) -> Verdict:
    action = report.fields.get("action", "failed").lower()
    status = _status(report.fields.get("status", "")) or _status(report.fields.get("diagnostic-code", ""))
    if action in {"delivered", "relayed", "expanded"} or status.startswith("2."):
        return Verdict(Kind.AUTOMATIC, f"a delivery report: {action}")
    if action == "delayed":
        return Verdict(Kind.BOUNCE, "a delivery report: delayed", bounce="Transient", status=status)
    return Verdict(Kind.BOUNCE, "a delivery report", bounce=_type_of(status), status=status)


def _status(text: str) -> str:
    """The enhanced status code in a text; of a bare reply code what it says at least."""
    if found := _STATUS.search(text[:500]):
        return ".".join(found.groups())
    code = _REPLY_CODE.search(text[:500])
    return f"{code[1][0]}.0.0" if code else ""


def _type_of(status: str) -> str:
    """Permanent only when the address is wrong or moved: what is lost by mistake is lost for good."""
    return "Permanent" if status in _WRONG_ADDRESS else "Transient"


def _of_bounce_without_report(mail: Incoming) -> Verdict | None:
    """Old mail servers say it in plain text."""
    local = mail.sender.partition("@")[0]
    by_sender = bool(_BOUNCE_SENDER.match(local)) or "x-failed-recipients" in mail.headers
    if not by_sender or not (_BOUNCE_SUBJECT.search(mail.subject) or "x-failed-recipients" in mail.headers):
        return None
    status = _status(mail.text[:5_000])
    return Verdict(Kind.BOUNCE, "a mail server's notice in words", bounce=_type_of(status), status=status)


def _of_wish_by_address(mail: Incoming) -> Verdict | None:
    """What a mail program sends for the List-Unsubscribe address: that word as subject, and at most that word."""
    if _UNSUBSCRIBE_SUBJECT.fullmatch(mail.subject) and len(mail.own_text) <= 80:
        return Verdict(Kind.REMOVE_ME, "the subject is the word for it")
    return None


def _of_machine(mail: Incoming) -> Verdict | None:
    reason = _machine_reason(mail)
    away_subject = not _REPLY_MARK.match(mail.subject) and bool(_AWAY_SUBJECT.match(mail.subject.strip()))
    if not reason and not away_subject:
        return None
    if away_subject or _AWAY_TEXT.search(mail.own_text[:4_000]):
        said = f"{mail.subject} . {mail.own_text}"
        back = back_on(said, mail.at.date(), month_first=_is_american(mail)) if mail.at else ""
        return Verdict(Kind.OUT_OF_OFFICE, reason or "the subject", back_on=back)
    return Verdict(Kind.AUTOMATIC, reason)


def _machine_reason(mail: Incoming) -> str:
    """Which header says that no person sent this (RFC 3834 and what came before it)."""
    headers = mail.headers
    submitted = headers.get("auto-submitted", "no").split(";")[0].strip().lower()
    if submitted not in {"no", ""}:
        return f"Auto-Submitted: {submitted[:20]}"
    for name in ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply", "x-mail-autoreply"):
        if headers.get(name, "no").strip().lower() not in {"no", "false"}:
            return name
    precedence = headers.get("precedence", "").strip().lower()
    if precedence in {"auto_reply", "bulk", "junk", "list"}:
        return f"Precedence: {precedence}"
    if headers.get("return-path", "").strip() == "<>":
        return "no return path"
    return "List-Id" if headers.get("list-id") else ""


def _is_american(mail: Incoming) -> bool:
    return "en-us" in (mail.headers.get("content-language", "") + mail.headers.get("accept-language", "")).lower()


def _of_person(mail: Incoming) -> Verdict:
    if asks_to_stop(mail.own_text):
        return Verdict(Kind.REMOVE_ME, "the person's own words")
    return Verdict(Kind.PERSON, "nothing says otherwise", asks_to_stop=mentions_stopping(mail.own_text))
