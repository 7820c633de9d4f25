"""Every public page that is not a tracked link: jobs, landing pages, preferences, feeds and the sitemap."""

from functools import cache
from typing import Any

from flask import Flask

from integration.app import current
from lambdas.site.bridge import answer
from lambdas.site.web import create_app


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return answer(_site(), event)


@cache
def _site() -> Flask:
    return create_app(current())
