"""Mails as programs and servers write them; `to` is where the mail was addressed."""

# ruff: noqa: E501  (mails stand as they are on the wire)

TO = "reply+token@in.kestrel.example"
HEAD = "From: {who}\r\nTo: {to}\r\nSubject: {subject}\r\nDate: Tue, 3 Mar 2026 10:00:00 +0000\r\nMessage-ID: <m1@x.example>\r\n"


def mail(body, *, who="Ada Lovelace <ada@people.example>", to=TO, subject="Re: News for Ada", extra="", kind=""):
    kind = kind or "text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit"
    head = HEAD.format(who=who, to=to, subject=subject) + extra
    return (head + f"MIME-Version: 1.0\r\nContent-Type: {kind}\r\n\r\n" + body.replace("\n", "\r\n")).encode()


GMAIL = "I am interested, call me.\n\nOn Mon, Mar 2, 2026 at 9:00 AM Kestrel <\nreply+token@in.kestrel.example> wrote:\n\n> Hello Ada,\n> please unsubscribe me\n"
APPLE = "Sounds good!\n\nSent from my iPhone\n\n> On 2 Mar 2026, at 09:00, Kestrel <reply+x@in.example> wrote:\n> \n> remove me\n"
OUTLOOK = "Thanks, Tuesday works.\n\nBest\nAda\n\n________________________________\nFrom: Kestrel <reply+x@in.example>\nSent: Monday, March 2, 2026 9:00 AM\nTo: Ada\nSubject: News\n\nTo get no more mail: unsubscribe me here\n"
OUTLOOK_DE = "Gerne, am Dienstag.\n\nVon: Kestrel <reply+x@in.example>\nGesendet: Montag, 2. März 2026 09:00\nAn: Ada\nBetreff: Neues\n\nBitte melden Sie mich ab\n"
THUNDERBIRD_DE = "Am 02.03.26 um 09:00 schrieb Kestrel:\n> Haben Sie Interesse?\n\nJa, sehr.\n"
FRENCH = "Oui, volontiers.\n\nLe lun. 2 mars 2026 à 09:00, Kestrel <reply+x@in.example> a écrit :\n\n> Bonjour\n"
SPANISH = "Me interesa.\n\nEl lun, 2 mar 2026 a las 9:00, Kestrel (<reply+x@in.example>) escribió:\n\n> Hola\n"
ITALIAN = "Volentieri.\n\nIl giorno lun 2 mar 2026 alle ore 09:00 Kestrel <reply+x@in.example> ha scritto:\n\n> Ciao\n"
DUTCH = "Graag.\n\nOp ma 2 mrt 2026 om 09:00 schreef Kestrel <reply+x@in.example>:\n\n> Dag\n"
PORTUGUESE = (
    "Tenho interesse.\n\nEm seg., 2 de mar. de 2026 às 09:00, Kestrel <reply+x@in.example> escreveu:\n\n> Olá\n"
)
POLISH = "Chętnie.\n\npon., 2 mar 2026 o 09:00 Kestrel <reply+x@in.example> napisał(a):\n\n> Cześć\n"
SWEDISH = "Gärna.\n\nDen mån 2 mars 2026 kl 09:00 skrev Kestrel <reply+x@in.example>:\n\n> Hej\n"
DANISH = "Gerne.\n\nDen man. 2. mar. 2026 kl. 09.00 skrev Kestrel <reply+x@in.example>:\n\n> Hej\n"

QUOTED = {
    "gmail": (GMAIL, "I am interested, call me."),
    "apple": (APPLE, "Sounds good!"),
    "outlook": (OUTLOOK, "Thanks, Tuesday works.\n\nBest\nAda"),
    "outlook in german": (OUTLOOK_DE, "Gerne, am Dienstag."),
    "thunderbird, answer below": (THUNDERBIRD_DE, "Ja, sehr."),
    "french": (FRENCH, "Oui, volontiers."),
    "spanish": (SPANISH, "Me interesa."),
    "italian": (ITALIAN, "Volentieri."),
    "dutch": (DUTCH, "Graag."),
    "portuguese": (PORTUGUESE, "Tenho interesse."),
    "polish": (POLISH, "Chętnie."),
    "swedish": (SWEDISH, "Gärna."),
    "danish": (DANISH, "Gerne."),
    "answers between the lines": ("> Are you free?\nYes.\n> Where?\nIn Cork.\n", "Yes.\nIn Cork."),
    "a sentence that ends like an introduction": ("He wrote three things:\n1. a\n", "He wrote three things:\n1. a"),
    "a signature": ("Fine.\n-- \nAda\nTo unsubscribe me write to us\n", "Fine."),
    "nothing but a quote": ("> Hello\n", ""),
}

EXCHANGE = "Auto-Submitted: auto-generated\r\nX-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent\r\nX-Auto-Response-Suppress: All\r\n"
REPLIED = "Auto-Submitted: auto-replied\r\n"
AWAY = {
    "exchange, english": ("Automatic reply: News for Ada", "I am out of the office until Monday, March 16, 2026.", EXCHANGE, "2026-03-16"),
    "gmail vacation": ("Out of office Re: News", "I will be back on 16 March.", "X-Autoreply: yes\r\nPrecedence: bulk\r\n", "2026-03-16"),
    "exchange, german": ("Automatische Antwort: Neues für Ada", "Ich bin bis zum 16.03.2026 nicht im Büro.", EXCHANGE, "2026-03-16"),
    "german, by subject only": ("Abwesenheitsnotiz", "Ab dem 16. März bin ich wieder erreichbar.", "", "2026-03-16"),
    "exchange, french": ("Réponse automatique : Nouvelles", "Je suis absent jusqu'au 16 mars 2026 inclus.", EXCHANGE, "2026-03-16"),
    "spanish": ("Respuesta automática: Noticias", "Estaré fuera de la oficina hasta el 16 de marzo de 2026.", REPLIED, "2026-03-16"),
    "italian": ("Risposta automatica: Novità", "Sono in ferie fino al 16 marzo.", REPLIED, "2026-03-16"),
    "dutch": ("Automatisch antwoord: Nieuws", "Ik ben afwezig tot en met 16 maart 2026.", REPLIED, "2026-03-16"),
    "portuguese": ("Resposta automática: Novidades", "Estou de férias até 16 de março.", REPLIED, "2026-03-16"),
    "polish": ("Automatyczna odpowiedź: Wieści", "Jestem na urlopie do 16 marca 2026.", REPLIED, "2026-03-16"),
    "swedish": ("Autosvar: Nyheter", "Jag är på semester till och med 16 mars.", REPLIED, "2026-03-16"),
    "iso date": ("Out of Office", "Away until 2026-03-16.", REPLIED, "2026-03-16"),
    "no date": ("Out of Office", "I read mail seldom.", REPLIED, ""),
    "a date long ago": ("Out of Office", "Back on 1 March 2019.", REPLIED, ""),
}  # fmt: skip

AUTOMATIC = {
    "ticket system": ("Re: News [#123]", "We have received your request.", REPLIED),
    "list": ("Digest", "Today's posts", "List-Id: <a.b>\r\nPrecedence: list\r\n"),
    "null sender": ("Hello", "Thanks for writing", "Return-Path: <>\r\n"),
}

STOP = (
    *("Unsubscribe", "STOP.", "please unsubscribe", "Please remove me from your list", "Take me off this list!!"),
    *("I'd like to opt out", "Stop emailing me", "Don't contact me again.", "No more emails please"),
    *("Bitte melden Sie mich ab", "Abmelden", "Ich möchte keine weiteren E-Mails bekommen", "bitte keine Mails mehr"),
    *(
        "Désinscrivez-moi",
        "Je ne souhaite plus recevoir vos messages",
        "désinscription svp je ne veux plus recevoir cela",
    ),
    *("Por favor dénme de baja", "No quiero recibir más correos", "Baja"),
    *("Cancellatemi dalla lista", "Non voglio più ricevere mail"),
    *("Schrijf me uit", "Geen mails meer aub", "Afmelden"),
    *("Não quero mais receber e-mails", "Remova-me da lista"),
    *("Proszę mnie wypisać albo usunąć moje dane", "Nie chcę otrzymywać takich wiadomości", "wypisz"),
    *("Ta bort mig", "Afmeld mig venligst", "Odhlaste mě"),
    "Hi Ben,\nthis is the third time this month. I have a job that I like, and I am not looking. Remove me from "
    "whatever list this is.\nAda",
)
NO_STOP = (
    *("I am interested", "Please don't unsubscribe me, I like these!", "Do not remove me from the list please"),
    *("Stop by on Tuesday at ten", "I can't stop thinking about this job", "Can you remove the second attachment?"),
    *("Ich möchte mich nicht abmelden, im Gegenteil", "How do I unsubscribe my old address and keep this one?"),
    *("Why would you remove me from the process?", "Je suis intéressée", "No problem, no rush", ""),
)

DSN = """From: MAILER-DAEMON@mx.people.example (Mail Delivery System)
To: reply+token@in.kestrel.example
Subject: Undelivered Mail Returned to Sender
Date: Tue, 3 Mar 2026 10:00:00 +0000
Auto-Submitted: auto-replied
Return-Path: <>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain

{words}

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.people.example

Final-Recipient: rfc822; ada@people.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {code}

--b1
Content-Type: {original}

From: jobs@kestrel.example
Reply-To: <reply+token@in.kestrel.example>
Subject: News for Ada

--b1--
"""


def dsn(status, code, action="failed", words="This is the mail system.", original="text/rfc822-headers"):
    text = DSN.format(status=status, code=code, action=action, words=words, original=original)
    return text.replace("\n", "\r\n").encode()


BOUNCES = {
    "postfix, no such user": (dsn("5.1.1", "550 5.1.1 <ada@people.example>: Recipient address rejected"), "Permanent", "5.1.1"),
    "exchange online": (dsn("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound"), "Permanent", "5.1.10"),
    "gmail": (dsn("5.1.1", "550-5.1.1 The email account that you tried to reach does not exist", original="message/rfc822"), "Permanent", "5.1.1"),
    "host unknown": (dsn("5.1.2", "550 host not found"), "Permanent", "5.1.2"),
    "moved": (dsn("5.1.6", "551 moved"), "Permanent", "5.1.6"),
    "mailbox full": (dsn("5.2.2", "552 5.2.2 Mailbox full"), "Transient", "5.2.2"),
    "taken for spam": (dsn("5.7.1", "550 5.7.1 message content rejected"), "Transient", "5.7.1"),
    "a bare code": (dsn("", "550 rejected"), "Transient", "5.0.0"),
    "greylisted too long": (dsn("4.4.7", "451 4.4.7 timed out"), "Transient", "4.4.7"),
    "delayed": (dsn("4.4.1", "no answer", action="delayed"), "Transient", "4.4.1"),
    "status only in the diagnosis": (dsn("", "550 5.1.1 unknown"), "Permanent", "5.1.1"),
}  # fmt: skip
QMAIL = mail(
    "Hi. This is the qmail-send program.\n<ada@people.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n",
    who="MAILER-DAEMON@mx.people.example",
    subject="failure notice",
)
EXIM = mail(
    "A message that you sent could not be delivered.\n  ada@people.example\n    550 5.1.1 Unrouteable address\n",
    who="Mail Delivery System <Mailer-Daemon@mx.people.example>",
    subject="Mail delivery failed: returning message to sender",
    extra="X-Failed-Recipients: ada@people.example\r\nAuto-Submitted: auto-replied\r\n",
)
ARF = b"""From: feedback@provider.example\r
To: reply+token@in.kestrel.example\r
Subject: Email Feedback Report\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r
\r
--b\r
Content-Type: text/plain\r
\r
This is an email abuse report.\r
--b\r
Content-Type: message/feedback-report\r
\r
Feedback-Type: abuse\r
User-Agent: SomeProvider/1.0\r
Version: 1\r
\r
--b\r
Content-Type: message/rfc822\r
\r
From: jobs@kestrel.example\r
Reply-To: <reply+token@in.kestrel.example>\r
Subject: News\r
\r
Hello\r
--b--\r
"""
RECEIPT = DSN.replace("delivery-status", "disposition-notification").replace("\n", "\r\n").encode()
