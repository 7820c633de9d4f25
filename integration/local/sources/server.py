"""The stand-ins over HTTP, one folder per source; beside them what tests steer them with.

/github /stack_exchange /orcid /openalex /people_data_labs   as the real APIs below their base addresses
/directory.csv  /directory.json  /robots.txt                 a directory's files, with ETags
GET|POST /faults    {"github": {"status": 429, "retry_after": 3, "times": 2}}: what the next answers of a source are
POST /newcomers     {"first", "last", "title", "city", "country"}: somebody whom all sources know from now on
GET /asked          the requests so far, by source      GET /health
"""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.exceptions import BadRequest, HTTPException, NotFound, Unauthorized
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from integration.local.loopback import refuse_other_sites
from integration.local.sources import elastic, queries, shapes
from integration.local.sources.people import Person, arrive, everybody, people_of
from integration.local.sources.terms import BadTerms

_ROUTES = Map(
    [
        Rule("/health", endpoint="health"),
        Rule("/asked", endpoint="asked"),
        Rule("/faults", endpoint="faults", methods=["GET", "POST"]),
        Rule("/newcomers", endpoint="newcomers", methods=["POST"]),
        Rule("/robots.txt", endpoint="robots"),
        Rule("/directory.<any(csv, json):form>", endpoint="directory"),
        Rule("/github/search/users", endpoint="github_search"),
        Rule("/github/users/<login>", endpoint="github_user"),
        Rule("/stack_exchange/filters/create", endpoint="stack_filter"),
        Rule("/stack_exchange/users", endpoint="stack_users"),
        Rule("/stack_exchange/users/<ids>", endpoint="stack_users"),
        Rule("/stack_exchange/tags/<tag>/top-answerers/all_time", endpoint="stack_answerers"),
        Rule("/orcid/expanded-search/", endpoint="orcid"),
        Rule("/openalex/authors", endpoint="openalex_authors"),
        Rule("/openalex/institutions", endpoint="openalex_institutions"),
        Rule("/people_data_labs/person/search", endpoint="pdl", methods=["POST"]),
    ]
)
_OURS = ("health", "asked", "faults", "newcomers")
_BEST_ANSWERERS = 30


class Sources:
    """The WSGI application."""

    def __init__(self) -> None:
        self._ordered: dict[str, dict[str, Any]] = {}
        self._noted: list[dict[str, Any]] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        try:
            refuse_other_sites(request)
            endpoint, values = _ROUTES.bind_to_environ(environ).match()
            response = self._fault(request, endpoint) or getattr(self, f"_{endpoint}")(request, **values)
        except (BadTerms, elastic.BadQuery) as bad:
            response = _refused(422, str(bad))
        except HTTPException as refused:
            response = _refused(refused.code or 500, str(refused.description))
        answered: Iterable[bytes] = response(environ, start_response)
        return answered

    def _fault(self, request: Request, endpoint: str) -> Response | None:
        """What was ordered for this source; every request of a source is noted."""
        if endpoint in _OURS:
            return None
        source = request.path.strip("/").split("/")[0].partition(".")[0]
        self._noted.append({"source": source, "path": request.path, "parameters": dict(request.args)})
        fault = self._ordered.get(source)
        if not fault or fault["times"] <= 0:
            return None
        fault["times"] -= 1
        response = _refused(fault["status"], "ordered by a test")
        if fault["page"]:
            response = Response("<!DOCTYPE html><h1>Maintenance</h1>", status=fault["status"], mimetype="text/html")
        if fault["retry_after"]:
            response.headers["Retry-After"] = str(fault["retry_after"])
        return response

    def _health(self, request: Request) -> Response:
        return _json({"status": "ok", "people": len(everybody())})

    def _asked(self, request: Request) -> Response:
        return _json(self._noted)

    def _faults(self, request: Request) -> Response:
        if request.method == "POST":
            try:
                wanted = json.loads(request.get_data())
                self._ordered = {str(source): _fault_of(fault) for source, fault in wanted.items()}
            except (ValueError, TypeError, AttributeError, KeyError):
                raise BadRequest("Faults are {source: {status, retry_after, times, page}}.") from None
        return _json(self._ordered)

    def _newcomers(self, request: Request) -> Response:
        try:
            person = arrive(**{str(name): str(value) for name, value in json.loads(request.get_data()).items()})
        except (ValueError, TypeError, AttributeError):
            raise BadRequest("A newcomer is {first, last, title, city, country}.") from None
        return _json({"name": person.name, "email": person.email}, 201)

    def _robots(self, request: Request) -> Response:
        return Response("User-agent: *\nDisallow: /private/\n", mimetype="text/plain")

    def _directory(self, request: Request, form: str) -> Response:
        rows = [shapes.directory_row(person) for person in people_of("directory")]
        body = _as_csv(rows) if form == "csv" else json.dumps({"people": rows}, ensure_ascii=False)
        response = Response(body, mimetype="text/csv" if form == "csv" else "application/json")
        response.set_etag(hashlib.sha256(body.encode()).hexdigest()[:16])
        return response.make_conditional(request)

    def _github_search(self, request: Request) -> Response:
        found = _found("github", queries.github(request.args.get("q", "")))
        page, size = _whole(request, "page", 1), _whole(request, "per_page", 30)
        if page * size > queries.MOST_GITHUB:
            raise BadTerms("Only the first 1000 search results are available")
        base = request.url_root + "github"
        listed = [shapes.github_listed(person, base) for person in found[(page - 1) * size : page * size]]
        return _json({"total_count": len(found), "incomplete_results": False, "items": listed})

    def _github_user(self, request: Request, login: str) -> Response:
        for person in people_of("github"):
            if person.login == login:
                return _json(shapes.github_profile(person, request.url_root + "github"))
        raise NotFound("Not Found")

    def _stack_filter(self, request: Request) -> Response:
        return _json(_wrapped([{"filter": "default", "included_fields": []}]))

    def _stack_users(self, request: Request, ids: str = "") -> Response:
        wanted, part = set(ids.split(";")) if ids else None, request.args.get("inname", "").lower()
        users = [shapes.stack_user(person) for person in people_of("stack_exchange") if part in person.name.lower()]
        chosen = [user for user in users if wanted is None or str(user["user_id"]) in wanted]
        page, size = _whole(request, "page", 1), _whole(request, "pagesize", 30)
        return _json(_wrapped(chosen[(page - 1) * size : page * size], has_more=len(chosen) > page * size))

    def _stack_answerers(self, request: Request, tag: str) -> Response:
        people = [person for person in people_of("stack_exchange") if tag in map(_as_tag, person.skills)]
        scores = [{"post_count": 9, "score": 90, "user": shapes.stack_user(person)} for person in people]
        return _json(_wrapped(scores[:_BEST_ANSWERERS]))

    def _orcid(self, request: Request) -> Response:
        found = _found("orcid", queries.orcid(request.args.get("q", "")))
        start, rows = _whole(request, "start", 0), _whole(request, "rows", 100)
        listed = [shapes.orcid_result(person) for person in found[start : start + rows]]
        return _json({"expanded-result": listed or None, "num-found": len(found)})

    def _openalex_authors(self, request: Request) -> Response:
        found = _found("openalex", queries.openalex(request.args.get("search", ""), request.args.get("filter", "")))
        cursor, size = request.args.get("cursor", "*"), _whole(request, "per-page", 25)
        start = 0 if cursor == "*" else _whole(request, "cursor", 0)
        more = str(start + size) if start + size < len(found) else None
        listed = [shapes.openalex_author(person) for person in found[start : start + size]]
        return _json({"meta": {"count": len(found), "next_cursor": more}, "results": listed})

    def _openalex_institutions(self, request: Request) -> Response:
        wanted = request.args.get("search", "").lower()
        places = {person.employer: shapes.openalex_institution(person) for person in people_of("openalex")}
        found = [place for name, place in places.items() if wanted in name.lower()]
        return _json({"meta": {"count": len(found)}, "results": found[: _whole(request, "per-page", 25)]})

    def _pdl(self, request: Request) -> Response:
        if not request.headers.get("X-Api-Key"):
            raise Unauthorized("Request contained a missing or invalid key")
        try:
            asked = json.loads(request.get_data())
            query, size, start = asked["query"], int(asked.get("size", 1)), int(asked.get("scroll_token", 0))
        except (ValueError, TypeError, KeyError):
            raise BadRequest("The stand-in takes Elasticsearch's queries in JSON only") from None
        everyone = [shapes.pdl_person(person) for person in people_of("people_data_labs")]
        found = [person for person in everyone if elastic.matches(query, person)]
        if not found:
            raise NotFound("No records were found matching your search")
        body = {"status": 200, "data": found[start : start + size], "total": len(found)}
        return _json(body | ({"scroll_token": str(start + size)} if start + size < len(found) else {}))


def _found(source: str, test: Callable[[dict[str, str]], bool]) -> list[Person]:
    return [person for person in people_of(source) if test(person.document)]


def _fault_of(fault: dict[str, Any]) -> dict[str, Any]:
    return {
        "status": int(fault["status"]),
        "retry_after": int(fault.get("retry_after", 0)),
        "times": int(fault.get("times", 1)),
        "page": bool(fault.get("page", False)),
    }


def _wrapped(items: list[Any], *, has_more: bool = False) -> dict[str, Any]:
    return {"items": items, "has_more": has_more, "quota_max": 10_000, "quota_remaining": 9_999}


def _as_tag(skill: str) -> str:
    return skill.lower().replace(" ", "-")


def _as_csv(rows: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _whole(request: Request, name: str, default: int) -> int:
    text = request.args.get(name, str(default))
    if not text.isdecimal():
        raise BadRequest(f"{name} is a whole number, not {text[:40]!r}")
    return int(text)


def _refused(status: int, why: str) -> Response:
    """The words in every place where one of the sources has them."""
    said = {"message": why, "error_message": why, "developer-message": why, "error": {"message": why}}
    return _json(said, status)


def _json(body: Any, status: int = 200) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status=status, mimetype="application/json")
