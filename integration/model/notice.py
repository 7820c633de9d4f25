"""What people are told in the first mail when their details did not come from themselves (GDPR, article 14)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from integration.model.mime import escaped, one_line

LONGEST_SOURCE = 80
_IMPORT = "Import "
"""How Collected_From__c begins for rows of a file; what follows names the record and the file, which is ours alone."""


def is_import(source: str) -> bool:
    """Whether a source names a file of ours, which outsiders are told of in other words."""
    return source.startswith(_IMPORT)


@dataclass(frozen=True)
class Notice:
    """Where and when somebody's details were found."""

    source: str
    """In words, as on the candidate: `GitHub`; an import is told as a list, without its name."""
    on: str
    """YYYY-MM-DD; blank when nobody knows."""

    def text(self, language: str, preferences_url: str) -> str:
        """One paragraph for the text part."""
        words = _WORDS.get(language[:2], _WORDS["en"])
        return words["text"].format(**self._facts(words), url=preferences_url)

    def html(self, language: str, preferences_url: str) -> str:
        """The same as a fragment, everything that came from outside escaped."""
        words = _WORDS.get(language[:2], _WORDS["en"])
        facts = {name: escaped(value) for name, value in self._facts(words).items()}
        link = f'<a href="{escaped(preferences_url)}">{words["link"]}</a>'
        return words["html"].format(**facts, link=link) + "<br/><br/>"

    def _facts(self, words: Mapping[str, str]) -> dict[str, str]:
        named = words["list"] if is_import(self.source) else one_line(self.source)[:LONGEST_SOURCE].strip()
        source = named or words["unknown"]
        try:
            day = date.fromisoformat(self.on[:10]).isoformat()
        except ValueError:
            day = ""
        return {"source": source, "day": words["day"].format(day=day) if day else ""}


_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "text": "Why you hear from us: we did not get your details from you. We found them by {source}{day} and keep "
        "them because a job of ours may fit you. See, correct or delete them, or object, here: {url}",
        "html": "<strong>Why you hear from us:</strong> we did not get your details from you. We found them by "
        "{source}{day} and keep them because a job of ours may fit you. {link}.",
        "link": "See, correct or delete them, or object",
        "day": " on {day}",
        "list": "a list of addresses that we loaded",
        "unknown": "our own research",
    },
    "de": {
        "text": "Warum Sie von uns hören: Ihre Daten kommen nicht von Ihnen selbst. Wir haben sie gefunden "
        "({source}{day}) und bewahren sie auf, weil eine unserer Stellen zu Ihnen passen kann. "
        "Ansehen, berichtigen, löschen oder widersprechen: {url}",
        "html": "<strong>Warum Sie von uns hören:</strong> Ihre Daten kommen nicht von Ihnen selbst. Wir haben sie "
        "gefunden ({source}{day}) und bewahren sie auf, weil eine unserer Stellen zu Ihnen passen kann. {link}.",
        "link": "Ansehen, berichtigen, löschen oder widersprechen",
        "day": ", {day}",
        "list": "eine Liste, die wir eingelesen haben",
        "unknown": "eigene Suche",
    },
    "fr": {
        "text": "Pourquoi nous vous écrivons : vos données ne viennent pas de vous. Nous les avons trouvées "
        "({source}{day}) et les gardons car un de nos postes peut vous convenir. "
        "Les voir, corriger, effacer ou vous opposer : {url}",
        "html": "<strong>Pourquoi nous vous écrivons :</strong> vos données ne viennent pas de vous. Nous les avons "
        "trouvées ({source}{day}) et les gardons car un de nos postes peut vous convenir. {link}.",
        "link": "Les voir, corriger, effacer ou vous opposer",
        "day": ", {day}",
        "list": "une liste que nous avons chargée",
        "unknown": "notre propre recherche",
    },
    "es": {
        "text": "Por qué le escribimos: sus datos no vienen de usted. Los encontramos ({source}{day}) y los guardamos "
        "porque uno de nuestros puestos puede encajar con usted. Verlos, corregirlos, borrarlos u oponerse: {url}",
        "html": "<strong>Por qué le escribimos:</strong> sus datos no vienen de usted. Los encontramos ({source}{day}) "
        "y los guardamos porque uno de nuestros puestos puede encajar con usted. {link}.",
        "link": "Verlos, corregirlos, borrarlos u oponerse",
        "day": ", {day}",
        "list": "una lista que cargamos",
        "unknown": "búsqueda propia",
    },
}
