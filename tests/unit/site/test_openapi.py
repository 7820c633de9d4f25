"""The site's OpenAPI names every route with its methods, and nothing else."""

import json
import re

from lambdas.site.web import create_app


def test_the_document_names_every_route(app, visitor):
    told = json.loads(visitor.get("/openapi.json").text)
    served = {
        (re.sub(r"<(?:int:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in create_app(app).url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert {(path, method) for path, methods in told["paths"].items() for method in methods} == served
    assert ("/p/{slug}", "post") in served
    assert told["servers"] == [{"url": "https://jobs.warmbench.example"}]
    ids = [each["operationId"] for methods in told["paths"].values() for each in methods.values()]
    assert len(set(ids)) == len(ids)
