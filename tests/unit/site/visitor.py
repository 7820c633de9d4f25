"""A browser without JavaScript: makes HTTP API v2 events, follows redirects, fills in forms as they stand there."""

import base64
import gzip
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urlsplit

from jinja2 import BytecodeCache

from lambdas.site.bridge import answer


def http_event(method, address, *, body="", headers=None, source_ip="203.0.113.7", cookies=()):
    """The event that API Gateway sends for a request."""
    parts = urlsplit(address)
    given = {"host": "jobs.warmbench.example", "user-agent": "Mozilla/5.0", "x-forwarded-proto": "https"}
    given |= {name.lower(): value for name, value in (headers or {}).items()}
    event = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": parts.path or "/",
        "rawQueryString": parts.query,
        "headers": given,
        "queryStringParameters": dict(parse_qsl(parts.query)),
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "abc123",
            "domainName": "abc123.execute-api.eu-west-1.amazonaws.com",
            "http": {
                "method": method,
                "path": parts.path,
                "protocol": "HTTP/1.1",
                "sourceIp": source_ip,
                "userAgent": given["user-agent"],
            },
            "requestId": "r1",
            "routeKey": "$default",
            "stage": "$default",
            "timeEpoch": 1772442000000,
        },
        "isBase64Encoded": False,
    }
    if cookies:
        event["cookies"] = list(cookies)
    if body:
        event |= {
            "body": base64.b64encode(body if isinstance(body, bytes) else body.encode()).decode(),
            "isBase64Encoded": True,
        }
    return event


@dataclass
class Page:
    """One answer."""

    status: int
    headers: dict
    data: bytes

    @property
    def text(self):
        data = gzip.decompress(self.data) if self.headers.get("content-encoding") == "gzip" else self.data
        return data.decode()

    @property
    def forms(self):
        parser = _Forms()
        parser.feed(self.text)
        return parser.forms


class Kept(BytecodeCache):
    """Templates as they were compiled for the site of a test before; their texts are the key."""

    def __init__(self):
        self.codes = {}

    def load_bytecode(self, bucket):
        if code := self.codes.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket):
        self.codes[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


KEPT = Kept()


class Visitor:
    def __init__(self, web, app):
        self.web = web
        self.web.jinja_env.bytecode_cache = KEPT
        self.app = app
        self.ip = "203.0.113.7"

    def ask(self, method, address, **rest):
        rest.setdefault("source_ip", self.ip)
        reply = answer(self.web, http_event(method, address, **rest))
        body = reply.get("body", "")
        data = base64.b64decode(body) if reply.get("isBase64Encoded") else body.encode()
        return Page(reply["statusCode"], reply["headers"], data)

    def get(self, address, **rest):
        return self.ask("GET", address, **rest)

    def post(self, address, fields, **rest):
        headers = {"content-type": "application/x-www-form-urlencoded", **rest.pop("headers", {})}
        return self.ask("POST", address, body=urlencode(fields, doseq=True), headers=headers, **rest)

    def fill(self, address, *, seconds=20, ticked=(), **typed):
        """Opens a page, takes its time, sends its form with what was typed."""
        form = self.get(address).forms[-1]
        self.app.clock.move(seconds=seconds)
        fields = {**form["hidden"], **typed, **({"consent": list(ticked)} if ticked else {})}
        return self.post(form["action"] or address, fields)


class _Forms(HTMLParser):
    """Forms with their action and hidden fields."""

    def __init__(self):
        super().__init__()
        self.forms = []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "form":
            self.forms.append({"action": found.get("action", ""), "hidden": {}, "names": [], "ticked": {}})
        elif tag in ("input", "textarea", "button") and self.forms and found.get("name"):
            self.forms[-1]["names"].append(found["name"])
            if "checked" in found:
                self.forms[-1]["ticked"].setdefault(found["name"], []).append(found.get("value", ""))
            if found.get("type") == "hidden":
                self.forms[-1]["hidden"][found["name"]] = found.get("value", "")
