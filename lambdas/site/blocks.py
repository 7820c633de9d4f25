"""A page's blocks as templates draw them: jobs chosen, dates in words, links of networks and maps made."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from urllib.parse import quote

from lambdas.site.snapshots import Snapshot
from lambdas.site.speech import say

MOST_JOBS = 12
_SHARES: Mapping[str, tuple[str, str]] = {
    "linkedin": ("LinkedIn", "https://www.linkedin.com/sharing/share-offsite/?url={url}"),
    "whatsapp": ("WhatsApp", "https://wa.me/?text={title}%20{url}"),
    "facebook": ("Facebook", "https://www.facebook.com/sharer/sharer.php?u={url}"),
    "x": ("X", "https://x.com/intent/post?text={title}&url={url}"),
    "email": ("E-mail", "mailto:?subject={title}&body={url}"),
}
_FILMS = (".mp4", ".webm")


def views(blocks: Iterable[Snapshot], page: Snapshot, listing: list[Snapshot]) -> list[Snapshot]:
    """Blocks with what only the moment knows; a block that has nothing to show is left out."""
    seen = [_view(block, page, listing) for block in blocks]
    return [block for block in seen if block["type"] != "jobs" or block["jobs"]]


def _view(block: Snapshot, page: Snapshot, listing: list[Snapshot]) -> Snapshot:
    match block["type"]:
        case "jobs":
            return {**block, "jobs": _jobs(block, page, listing)}
        case "event":
            return {**block, "when": _when(block), "starts": block["starts"]}
        case "map":
            address = quote(block["address"])
            return {**block, "link": f"https://www.openstreetmap.org/search?query={address}"}
        case "share":
            return {**block, "links": _shares(block, page)}
        case "video":
            return {**block, "is_film": block["src"].lower().partition("?")[0].endswith(_FILMS)}
    return block


def _jobs(wanted: Snapshot, page: Snapshot, listing: list[Snapshot]) -> list[Snapshot]:
    fitting = [job for job in listing if _fits(job, wanted)]
    # The page's own job stands first.
    fitting.sort(key=lambda job: job["requisition"] != page["requisition"])
    return fitting[: wanted.get("limit") or MOST_JOBS]


def _fits(job: Snapshot, wanted: Snapshot) -> bool:
    """Department as a whole, place and words as a part, without regard to case."""
    department = (wanted.get("department") or "").casefold()
    place = (wanted.get("place") or "").casefold()
    words = (wanted.get("words") or "").casefold().split()
    places = " | ".join([*job["places"], "Remote" if job["remote"] else ""]).casefold()
    return (
        (not department or job["department"].casefold() == department)
        and place in places
        and all(word in job["title"].casefold() for word in words)
    )


def _when(block: Snapshot) -> str:
    starts = datetime.fromisoformat(block["starts"])
    words = f"{day_words(starts)}, {starts:%H:%M}"
    if block.get("ends"):
        ends = datetime.fromisoformat(block["ends"])
        same = ends.date() == starts.date()
        words += f" – {ends:%H:%M}" if same else f" – {day_words(ends)}, {ends:%H:%M}"
    return f"{words} ({block['zone']})" if block.get("zone") else words


def day_words(day: date) -> str:
    """4 May 2026, in the language of the answer."""
    months = say("January February March April May June July August September October November December").split()
    return say("{day} {month} {year}", day=day.day, month=months[day.month - 1], year=day.year)


def _shares(block: Snapshot, page: Snapshot) -> list[tuple[str, str]]:
    url, title = quote(page["url"], safe=""), quote(page["headline"], safe="")
    chosen = block.get("networks") or list(_SHARES)
    return [(say(_SHARES[name][0]), _SHARES[name][1].format(url=url, title=title)) for name in chosen]
