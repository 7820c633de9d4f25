"""What the site answers to, as OpenAPI: made from the routes themselves, so it cannot say anything else."""

import re
from typing import Any

from flask import Flask, Response, jsonify

_FORM = "application/x-www-form-urlencoded"
_UNWRITTEN = {"HEAD", "OPTIONS"}
_ANSWERS = {
    "200": "The page or file.",
    "202": "Taken, and done soon.",
    "204": "Nothing to show.",
    "301": "The page has moved.",
    "302": "The file lies elsewhere.",
    "303": "Taken; the thanks stand there.",
    "304": "As the reader has it.",
    "308": "The address without what is too much.",
    "400": "A form with the answers to check, or a request that cannot be read.",
    "403": "A form of another site.",
    "404": "No such page; of a wrong, old or foreign token too.",
    "405": "Not this way.",
    "410": "The job is closed; others like it are shown.",
    "413": "More than we take.",
    "415": "No form.",
    "429": "Too many forms from one network.",
    "503": "Not taken; please again in a minute.",
}


def add_routes(web: Flask) -> None:
    @web.get("/openapi.json")
    def openapi() -> Response:
        response = jsonify(document(web))
        response.headers["Cache-Control"] = "public, max-age=3600"
        return response


def document(web: Flask) -> dict[str, Any]:
    """OpenAPI 3.0 of every route."""
    paths: dict[str, Any] = {}
    for rule in sorted(web.url_map.iter_rules(), key=lambda each: each.rule):
        methods = sorted((rule.methods or set()) - _UNWRITTEN)
        names = re.findall(r"<(?:int:)?(\w+)>", rule.rule)
        path = re.sub(r"<(?:int:)?(\w+)>", r"{\1}", rule.rule)
        whole = {name for name in names if f"<int:{name}>" in rule.rule}
        paths[path] = {method.lower(): _operation(rule.endpoint, method, names, whole) for method in methods}
    return {
        "openapi": "3.0.3",
        "info": {"title": "Warmbench: public pages", "version": "1"},
        "servers": [{"url": web.config["PUBLIC_BASE_URL"]}],
        "paths": paths,
    }


def _operation(endpoint: str, method: str, names: list[str], whole: set[str]) -> dict[str, Any]:
    schemas = {name: {"type": "integer", "minimum": 0} if name in whole else {"type": "string"} for name in names}
    operation: dict[str, Any] = {
        "operationId": f"{endpoint}_{method.lower()}",
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": schema} for name, schema in schemas.items()
        ],
        "responses": {status: {"description": words} for status, words in _ANSWERS.items()},
    }
    if method == "POST":
        form = {"type": "object", "additionalProperties": {"type": "string"}}
        operation["requestBody"] = {"content": {_FORM: {"schema": form}}}
    return operation
