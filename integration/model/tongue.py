"""In which language somebody gets a mail that was written in several."""

from collections.abc import Sequence


def spoken(wanted: str, default: str, others: Sequence[str]) -> str:
    """The nearest of the languages of a mail: `de-AT` itself, `de`, another `de-…`; else the one it was written in."""
    known = {one.lower(): one for one in reversed((default, *others))}
    tongue = wanted.strip().lower().replace("_", "-")
    base = tongue.partition("-")[0]
    if not base:
        return default
    related = [one for key, one in known.items() if key.partition("-")[0] == base]
    return known.get(tongue) or known.get(base) or (default if default in related else next(iter(related), default))


def why(wanted: str, default: str, chosen: str) -> str:
    """In words, for whoever asks why somebody got a mail in this language."""
    if not wanted.strip():
        return f"in {chosen}, the template’s language: the person’s is not known"
    if chosen.partition("-")[0].lower() == wanted.strip().lower().replace("_", "-").partition("-")[0]:
        return f"in {chosen}, the person’s language as their record or their page of preferences says"
    return f"in {default}, the template’s language: there is no translation into {wanted}"
