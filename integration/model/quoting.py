"""Which lines of an answer the person wrote: quotes, the lines that introduce them and signatures are left out.

Line by line and linear, because the text is a stranger's: the libraries for it (mail-parser-reply, email-reply-parser)
match nested expressions over the whole text of strangers, which invites very slow inputs.
"""

import re

LONGEST_TEXT = 100_000
_LONGEST_INTRO = 500
_INTRO_LINES = 4
_VERBS = (
    *("wrote", "schrieb", "a écrit", "escribió", "ha scritto", "schreef", "escreveu", "napisał", "skrev", "kirjoitti"),
    *("napsal", "írta", "yazdı", "написал", "пишет", "scris", "έγραψε", "geschreven", "va escriure"),
)
_WHEN = re.compile(r"@|\d{1,2}[:.h]\d{2}|\d{4}")
_FIRST = re.compile(r"\*?(?:from|von|de|da|van|od|från|fra|lähettäjä|kimden|от)\s?:\*?\s", re.IGNORECASE)
_LATER = re.compile(
    r"\*?(?:sent|date|to|subject|gesendet|datum|an|betreff|envoyé|à|objet|enviado|enviada|fecha|para|asunto|assunto|"
    r"inviato|data|a|oggetto|verzonden|aan|onderwerp|wysłano|do|temat|skickat|till|ämne|sendt|til|emne|lähetetty|"
    r"vastaanottaja|aihe|odesláno|komu|předmět|отправлено|кому|тема)\s?:",
    re.IGNORECASE,
)
_RULED = re.compile(r"\s?(?:-{3,}\s?[^-]{3,60}-{3,}|_{20,}|-{20,})\s*")
_FORWARD = re.compile(
    r"(?:begin forwarded message|anfang der weitergeleiteten nachricht|début du message (?:réexpédié|transféré)|"
    r"inicio del mensaje reenviado|inizio messaggio inoltrato|begin doorgestuurd bericht|"
    r"początek przekazywanej wiadomości|início da mensagem reencaminhada)\s?:",
    re.IGNORECASE,
)
_SENT_FROM = re.compile(
    r"(?:sent from my|get outlook for|gesendet von mein|von meinem \w+ gesendet|envoyé de mon|enviado desde mi|"
    r"inviato da|verzonden vanaf mijn|wysłano z|enviado do meu|skickat från min|sendt fra min|holen sie sich outlook|"
    r"télécharger outlook|obtener outlook)\b.{0,60}",
    re.IGNORECASE,
)


def own_text(text: str) -> str:
    """What the person wrote, without quoted mail; empty when there is nothing of their own."""
    return "\n".join(_without_signature(_own_lines(_lines(text)))).strip()


def cut(text: str) -> tuple[str, str]:
    """(before, from) the first line that introduces another mail; the second is empty when none does."""
    lines = _lines(text)
    for number in range(len(lines)):
        if _intro_length(lines, number):
            return "\n".join(lines[:number]).strip(), "\n".join(lines[number:])
    return "\n".join(lines).strip(), ""


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text[:LONGEST_TEXT].replace("\r\n", "\n").replace("\r", "\n").split("\n")]


def _own_lines(lines: list[str]) -> list[str]:
    own: list[str] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        if line.startswith(">"):
            number += 1
        elif length := _intro_length(lines, number):
            number += length
            if not _quotes_by_marks(lines, number):
                break
        else:
            own.append(line)
            number += 1
    return own


def _intro_length(lines: list[str], number: int) -> int:
    """How many lines from here on introduce the mail that is quoted below; 0 when none do."""
    line = lines[number].strip()
    if not line:
        return 0
    if _RULED.fullmatch(line[:_LONGEST_INTRO]) or _FORWARD.match(line):
        return 1
    if _FIRST.match(line) and any(_LATER.match(later.strip()) for later in lines[number + 1 : number + 4]):
        return 1
    for length in range(1, _INTRO_LINES + 1):
        last = lines[number + length - 1].strip() if number + length <= len(lines) else ""
        if not last:
            return 0
        if last.endswith(":"):
            return length if _says_who_wrote(" ".join(lines[number : number + length])) else 0
    return 0


def _says_who_wrote(intro: str) -> bool:
    lower = intro.lower()
    return len(intro) <= _LONGEST_INTRO and any(verb in lower for verb in _VERBS) and bool(_WHEN.search(intro))


def _quotes_by_marks(lines: list[str], number: int) -> bool:
    """Whether what follows is quoted with > on each line: then what stands below the quote is the person's again."""
    return next((line for line in lines[number:] if line.strip()), "").startswith(">")


def _without_signature(lines: list[str]) -> list[str]:
    kept: list[str] = []
    for line in lines:
        if line.strip() in {"--", "—"} and kept:
            break
        if not _SENT_FROM.match(line.strip()):
            kept.append(line)
    return kept
