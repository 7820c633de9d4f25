"""Whether a person asks to get no more mail, in the words of ten languages.

Clear words count wherever they stand, unless they are denied or about something else. A single word such as
"unsubscribe" counts when it is all that was written. Anything weaker is left to the recruiter who reads the answer.
"""

import re

_LOOKED_AT = 5_000
_ALONE_AT_MOST = 60
_CLEAR = re.compile(
    r"\b(?:"
    # English
    r"unsubscribe me|remove me|take me off|opt me out|(?:please )?remove my (?:e-?mail|address|name|details)|"
    r"(?:stop|quit) (?:e-?mailing|contacting|writing|sending me|spamming|messaging)|(?:do not|"
    r"don['’]?t) (?:e-?mail|contact|"
    r"write to|message) me(?: again| any ?more)?|no (?:more|further) (?:e-?mails|messages|mail)(?: please)?|"
    r"(?:do not|don['’]?t) (?:want|wish) to (?:receive|get|hear)|delete (?:me|my (?:data|address|details|profile))|"
    r"(?:i(?: would|['’]d)? (?:want|like|wish) to|let me) (?:unsubscribe|opt out|be removed)|leave me alone|"
    # German
    r"(?:bitte )?(?:nehmen sie|nimm|streichen sie|löschen sie|entfernen sie) (?:mich|meine (?:adresse|daten|"
    r"e-?mail))|"
    r"(?:melden sie|meldet) mich (?:bitte )?ab|mich (?:bitte )?(?:abmelden|austragen|streichen)|"
    r"tragen sie mich (?:bitte )?aus|"
    r"keine (?:weiteren |weitere )(?:e-?mails?|nachrichten|mails?)|keine (?:e-?mails?|mails?|nachrichten|"
    r"werbung) mehr|"
    r"(?:nicht mehr|nie wieder) (?:kontaktieren|anschreiben|kontaktiert|angeschrieben)|schreiben sie mir nicht mehr|"
    # French
    r"(?:désinscrivez|désabonnez|désinscris|désabonne)[ -]moi|(?:me|être) (?:désinscrire|désabonner|"
    r"désinscrite?|désabonnée?)|"
    r"ne (?:plus )?(?:me |m['’])(?:contacte[rz]|écri(?:vez|re)|envoye[rz])[^.]{0,12}(?:plus)?|ne (?:souhaite|"
    r"veux|désire) plus "
    r"(?:recevoir|être)|(?:retirez|supprimez|enlevez)[ -](?:moi|mon adresse|mes données)|plus (?:de|"
    r"aucun) (?:mails?|e-?mails?|messages)|"
    # Spanish
    r"(?:dar|d[eé]n?me|darme) de baja|(?:no quiero|no deseo) recibir (?:más)?|"
    r"(?:no me (?:escriban|contacten|envíen|manden|escribas)|dejen de (?:escribirme|enviarme|contactarme))|"
    r"(?:elimin|borr|quit)(?:en|e|a|ad)(?:me| mis? (?:datos|correo|dirección))|"
    # Italian
    r"(?:cancell|disiscriv|rimuov)(?:atemi|etemi|imi|ami|emi)|(?:non (?:voglio|desidero) (?:più )?ricevere|"
    r"non (?:scrivetemi|contattatemi|mi scrivete|inviatemi)[^.]{0,10})|togliete(?:mi| il mio)|"
    # Dutch
    r"schrijf(?:t u)? me (?:a\.?u\.?b\.? |alstublieft )?uit|meld me (?:a\.?u\.?b\.? )?af|(?:mij|"
    r"me) (?:graag )?(?:uitschrijven|afmelden|verwijderen)|"
    r"geen (?:e-?mails?|mails?|berichten) meer|verwijder (?:mij|me|mijn)|niet meer (?:mailen|benaderen|"
    r"contacteren|ontvangen)|"
    # Portuguese
    r"(?:remov|exclu|descadastr|cancel)(?:a|am|er|e|em)[ -]?me|(?:me (?:remov|descadastr|exclu|retir)\w{1,4})|"
    r"(?:não (?:quero|desejo) (?:mais )?receber)|(?:parem de (?:me )?(?:enviar|contactar|escrever))|"
    r"não me (?:contactem|enviem|escrevam)|"
    # Polish
    r"(?:proszę (?:o )?)?(?:wypis(?:z|ać|anie)|usu(?:ń|nąć|nięcie)) (?:mnie|mój|moje|moich)|"
    r"(?:nie (?:chcę|życzę sobie)) (?:otrzymywać|dostawać|więcej|takich|kontaktu)[^.]{0,20}|"
    r"proszę (?:do mnie )?nie pisać|"
    # Swedish, Danish, Norwegian
    r"(?:ta bort|avregistrera|avprenumerera) mig|inga fler (?:mejl|mail|meddelanden)|(?:afmeld|frameld|fjern) mig|"
    r"ingen flere (?:mails?|e-?mails?|beskeder)|(?:meld|fjern) meg(?: av)?|ingen flere e-?poster|"
    # Czech
    r"odhlaste mě|(?:vymažte|smažte|vyřaďte) (?:mě|moje|můj)|už mi nepište"
    r")\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"(?:\b(?:don['’]?t|do not|never|not want (?:you )?to|no need to|rather not|please not|without|nicht|pas|"
    r"non|niet|não|nie|"
    r"inte|ikke|no)\s+(?:to\s+)?(?:please\s+)?|\b(?:did|would|should|could|why|if|when|unless)\b[^.!?\n]{0,30})$",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"(?:please |bitte |merci |por favor )?(?:unsubscribe|opt[ -]?out|remove|stop|abmelden|abbestellen|"
    r"austragen|stopp|"
    r"désinscription|désinscrire|désabonner|désabonnement|baja|dar de baja|cancellami|cancellazione|disiscrizione|"
    r"uitschrijven|afmelden|descadastrar|remover|sair|wypisz|rezygnuję|wypisać|avregistrera|avsluta|afmeld|frameld|"
    r"odhlásit)(?: please| thanks?| bitte| danke| merci| gracias| grazie| a\.?u\.?b\.?| dank u)?",
    re.IGNORECASE,
)
_MENTIONED = re.compile(
    r"\b(?:unsubscri\w+|opt[ -]?out|mailing list|spam|abmeld\w+|abbestell\w+|désinscri\w+|désabonn\w+|darme de baja|"
    r"disiscri\w+|uitschrij\w+|afmeld\w+|descadastr\w+|wypis\w+|gdpr|dsgvo|rgpd)\b",
    re.IGNORECASE,
)
_TRIM = re.compile(r"[\s.!,;:*_\"'()–-]+")


def asks_to_stop(own_text: str) -> bool:
    """Clear words for "no more mail", or nothing but a word for it."""
    text = " ".join(own_text[:_LOOKED_AT].split())
    if len(text) <= _ALONE_AT_MOST and _ALONE.fullmatch(_TRIM.sub(" ", text).strip()):
        return True
    return any(not _DENIED.search(text[max(0, found.start() - 50) : found.start()]) for found in _CLEAR.finditer(text))


def mentions_stopping(own_text: str) -> bool:
    """Words about it, which a recruiter should read."""
    return bool(_MENTIONED.search(own_text[:_LOOKED_AT]))
