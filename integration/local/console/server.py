"""The console's pages: home, list views, records with their commands and files, forms."""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import jinja2
from werkzeug.exceptions import BadRequest, HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from integration.local.console import records
from integration.local.console.drawing import Drawing, ListView, RelatedList
from integration.local.console.org import Absent, OrgRest, Refused
from integration.local.loopback import refuse_other_sites

_ROUTES = Map(
    [
        Rule("/", endpoint="home", methods=["GET"]),
        Rule("/health", endpoint="health", methods=["GET"]),
        Rule("/console.css", endpoint="style", methods=["GET"]),
        Rule("/favicon.ico", endpoint="icon", methods=["GET"]),
        Rule("/console.js", endpoint="script", methods=["GET"]),
        Rule("/o/<object_name>", endpoint="list", methods=["GET"]),
        Rule("/o/<object_name>/new", endpoint="new", methods=["GET", "POST"]),
        Rule("/r/<object_name>/<record_id>", endpoint="record", methods=["GET"]),
        Rule("/r/<object_name>/<record_id>/edit", endpoint="edit", methods=["GET", "POST"]),
        Rule("/r/<object_name>/<record_id>/command", endpoint="command", methods=["POST"]),
        Rule("/r/<object_name>/<record_id>/delete", endpoint="delete", methods=["POST"]),
        Rule("/r/<object_name>/<record_id>/file", endpoint="upload", methods=["POST"]),
        Rule("/lightning/o/<object_name>/new", endpoint="lightning_new", methods=["GET"]),
        Rule("/lightning/r/<object_name>/<record_id>/view", endpoint="lightning_record", methods=["GET"]),
        Rule("/file/<version_id>", endpoint="file", methods=["GET"]),
    ]
)
_FOLDER = Path(__file__).parent / "pages"
_PAGES = jinja2.Environment(loader=jinja2.FileSystemLoader(_FOLDER), autoescape=True, undefined=jinja2.StrictUndefined)
_ID = re.compile(r"[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?", re.ASCII)
_ROWS = 50
_CHOICES = 200
_MAX_FILE = 50_000_000


class Console:
    """The WSGI application for one person."""

    def __init__(self, drawing: Drawing, org: OrgRest, links: Mapping[str, str]) -> None:
        self._drawing, self._org, self._links = drawing, org, links

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        with Request(environ) as request:
            response = self._answer(request)
        answered: Iterable[bytes] = response(environ, start_response)
        return answered

    def _answer(self, request: Request) -> Response:
        request.max_content_length = _MAX_FILE
        try:
            refuse_other_sites(request)
            endpoint, values = _ROUTES.bind_to_environ(request.environ).match()
            response: Response = getattr(self, f"_{endpoint}")(request, **values)
            return response
        except Absent:
            return self._page("problem.html", 404, title="Not there", text="This record does not exist any more.")
        except Refused as refused:
            return self._page("problem.html", 400, title="The org refused this", text=str(refused))
        except HTTPException as error:
            code = error.code or 500
            return self._page("problem.html", code, title=error.name, text=error.description or "")

    def _home(self, request: Request) -> Response:
        counts = [
            (name, self._object(name).plural, self._org.query(f"SELECT COUNT() FROM {name}")[0])  # noqa: S608 (our own names)
            for name in self._drawing.tabs
        ]
        latest = (
            "SELECT Id, Object__c, Record_Id__c, Command__c, Status__c, Message__c, CreatedDate "
            "FROM Recruiting_Command__c ORDER BY CreatedDate DESC, Id DESC LIMIT 10"
        )
        return self._page("home.html", counts=counts, commands=self._org.query(latest)[1], links=self._links)

    def _health(self, request: Request) -> Response:
        return Response('{"status": "ok"}', mimetype="application/json")

    def _list(self, request: Request, object_name: str) -> Response:
        self._object(object_name)
        views = self._drawing.views[object_name] or (ListView("All", "All", ("Name", "CreatedDate"), ""),)
        view = next((view for view in views if view.name == request.args.get("view")), views[0])
        page = max(1, request.args.get("page", 1, type=int))
        search = request.args.get("q", "").strip()
        total, rows = self._org.query(self._list_query(object_name, view, search, min(page, 40)))
        cells = [[records.shown(self._drawing, object_name, path, row) for path in view.columns] for row in rows]
        return self._page(
            "list.html",
            object=self._object(object_name),
            views=views,
            view=view,
            headings=[self._drawing.label(object_name, path) for path in view.columns],
            rows=cells,
            page=page,
            more=len(rows) == _ROWS,
            q=search,
            total=total,
        )

    def _list_query(self, object_name: str, view: ListView, search: str, page: int) -> str:
        fields = ", ".join(self._drawing.selected(object_name, view.columns))
        conditions = [f"({view.where})"] if view.where else []
        if search:
            wanted = search.replace("\\", "\\\\").replace("'", "\\'").replace("%", "\\%").replace("_", "\\_")
            conditions.append(f"Name LIKE '%{wanted}%'")
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        return f"SELECT {fields} FROM {object_name}{where} ORDER BY CreatedDate DESC, Id DESC LIMIT {_ROWS} OFFSET {(page - 1) * _ROWS}"  # noqa: E501, S608

    def _record(self, request: Request, object_name: str, record_id: str) -> Response:
        found = self._object(object_name)
        row = self._row(object_name, record_id)
        sections = [
            (section.label, [[records.shown(self._drawing, object_name, item.field, row) for item in column]
                             for column in section.columns])
            for section in self._drawing.sections[object_name]
        ]  # fmt: skip
        command = found.fields.get("Command__c") if "Status__c" in found.fields else None
        return self._page(
            "record.html",
            object=found,
            row=row,
            sections=sections,
            commands=[entry.name for entry in command.picklist] if command and "Progress__c" in found.fields else [],
            related=[self._related(related, record_id) for related in self._drawing.related[object_name]],
            files=self._org.files(record_id),
        )

    def _related(self, related: RelatedList, record_id: str) -> dict[str, Any]:
        fields = ", ".join(self._drawing.selected(related.object, related.columns))
        query = (
            f"SELECT {fields} FROM {related.object} WHERE {related.lookup} = '{record_id}' "  # noqa: S608 (checked)
            "ORDER BY CreatedDate DESC, Id DESC LIMIT 10"
        )
        _, rows = self._org.query(query)
        return {
            "list": related,
            "headings": [self._drawing.label(related.object, path) for path in related.columns],
            "rows": [
                [records.shown(self._drawing, related.object, path, row) for path in related.columns] for row in rows
            ],
        }

    def _new(self, request: Request, object_name: str) -> Response:
        start = {name: value for name, value in request.args.items() if self._drawing.field(object_name, name)}
        if request.method == "GET":
            return self._form(object_name, start, {})
        typed = self._typed(object_name, request)
        try:
            record_id = self._org.create(object_name, {k: v for k, v in typed.items() if v is not None})
        except Refused as refused:
            return self._form(object_name, {**start, **typed}, refused.problems)
        return _see(f"/r/{object_name}/{record_id}")

    def _lightning_new(self, request: Request, object_name: str) -> Response:
        """Salesforce's own address of a form with values filled in, as links from outside spell it."""
        _, _, given = request.query_string.decode("latin-1").partition("defaultFieldValues=")
        pairs = parse_qsl(given.partition("&")[0].replace(",", "&"))
        return _see(f"/o/{quote(object_name)}/new?{urlencode(pairs)}")

    def _lightning_record(self, request: Request, object_name: str, record_id: str) -> Response:
        return _see(f"/r/{quote(object_name)}/{_checked(record_id)}")

    def _edit(self, request: Request, object_name: str, record_id: str) -> Response:
        row = self._row(object_name, record_id)
        if request.method == "GET":
            return self._form(object_name, row, {})
        typed = self._typed(object_name, request)
        try:
            self._org.update(object_name, record_id, typed)
        except Refused as refused:
            return self._form(object_name, {**row, **typed}, refused.problems)
        return _see(f"/r/{object_name}/{record_id}")

    def _form(self, object_name: str, row: Mapping[str, Any], problems: Mapping[str, str]) -> Response:
        found = self._object(object_name)
        choices = {
            name: self._candidates(field.reference_to)
            for name, field in found.fields.items()
            if field.reference_to and self._drawing.object(field.reference_to)
        }
        sections = records.inputs(self._drawing, object_name, row, problems, choices)
        known = {field.name for _, fields in sections for field in fields}
        loose = [message for name, message in problems.items() if name not in known]
        status = 400 if problems else 200
        return self._page("form.html", status, object=found, row=row, sections=sections, loose=loose)

    def _candidates(self, object_name: str) -> tuple[tuple[str, str], ...]:
        query = f"SELECT Id, Name FROM {object_name} ORDER BY CreatedDate DESC LIMIT {_CHOICES}"  # noqa: S608
        return tuple((row["Id"], row["Name"]) for row in self._org.query(query)[1])

    def _typed(self, object_name: str, request: Request) -> dict[str, Any]:
        items = [
            item for section in self._drawing.sections[object_name] for column in section.columns for item in column
        ]
        names = [item.field for item in items if item.is_editable and item.field not in {"Command__c", "Owner.Name"}]
        return {
            name: records.given(self._drawing.field(object_name, name), ";".join(request.form.getlist(name)))
            for name in names
        }

    def _command(self, request: Request, object_name: str, record_id: str) -> Response:
        self._org.update(object_name, _checked(record_id), {"Command__c": request.form["command"]})
        return _see(f"/r/{object_name}/{record_id}")

    def _delete(self, request: Request, object_name: str, record_id: str) -> Response:
        self._org.delete(object_name, _checked(record_id))
        return _see(f"/o/{object_name}")

    def _upload(self, request: Request, object_name: str, record_id: str) -> Response:
        sent = request.files.get("file")
        if sent is None or not sent.filename:
            raise BadRequest("Choose a file first.")
        self._org.attach(_checked(record_id), Path(sent.filename).name, sent.read())
        return _see(f"/r/{object_name}/{record_id}")

    def _file(self, request: Request, version_id: str) -> Response:
        data = self._org.file(_checked(version_id))
        headers = {"content-disposition": "attachment", "x-content-type-options": "nosniff"}
        return Response(data, mimetype="application/octet-stream", headers=headers)

    def _style(self, request: Request) -> Response:
        return Response((_FOLDER / "console.css").read_text(), mimetype="text/css")

    def _icon(self, request: Request) -> Response:
        """There is none; browsers ask all the same."""
        return Response(status=204)

    def _script(self, request: Request) -> Response:
        return Response((_FOLDER / "console.js").read_text(), mimetype="text/javascript")

    def _object(self, name: str) -> Any:
        found = self._drawing.object(name)
        if found is None:
            raise NotFound(f"There is no object {name!r}.")
        return found

    def _row(self, object_name: str, record_id: str) -> dict[str, Any]:
        self._object(object_name)
        paths = tuple(item.field for section in self._drawing.sections[object_name] for column in section.columns
                      for item in column)  # fmt: skip
        fields = ", ".join(self._drawing.selected(object_name, ("Name", *paths)))
        _, rows = self._org.query(f"SELECT {fields} FROM {object_name} WHERE Id = '{_checked(record_id)}'")  # noqa: S608
        if not rows:
            raise Absent
        return rows[0]

    def _page(self, name: str, status: int = 200, **values: Any) -> Response:
        tabs = [(tab, self._object(tab).plural) for tab in self._drawing.tabs]
        here = values["object"].name if "object" in values else ""
        html = _PAGES.get_template(name).render(tabs=tabs, here=here, **values)
        policy = "default-src 'self'; frame-ancestors 'none'; form-action 'self'"
        return Response(html, status, mimetype="text/html", headers={"content-security-policy": policy})


def _checked(record_id: str) -> str:
    if not _ID.fullmatch(record_id):
        raise NotFound("This is not the id of a record.")
    return record_id


def _see(path: str) -> Response:
    return Response(status=303, headers={"location": path})
