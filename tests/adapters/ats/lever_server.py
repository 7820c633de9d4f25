"""Lever on this machine, in its documented shapes: public postings, their form, Data API, webhooks."""

import base64
import hashlib
import hmac
import json
import uuid

from tests.adapters.ats.schema import EMAIL, TEXT, URL, Requests, body, one_of
from tests.adapters.ats.vendor import Vendor, answer

KEY, POSTINGS_KEY, USER = "data-key", "postings-key", "df0adaa6-172d-4f6d-8520-49b82e8a1f8b"
SECRET = "signature-token"
MOST = 100
_TRUE = one_of("true", "false")
_FORM = body(
    "name",
    "email",
    name=TEXT,
    email=EMAIL,
    phone=TEXT,
    org=TEXT,
    comments=TEXT,
    source=TEXT,
    silent=_TRUE,
    **{"consent[store]": _TRUE, "consent[marketing]": _TRUE},
)
_FORM["patternProperties"] = {r"^urls\[[A-Za-z]+\]$": URL}
_TEXTS = {"type": "array", "items": TEXT}
REQUESTS = {
    "apply": _FORM,
    "opportunities": body(
        "name",
        name=TEXT,
        headline=TEXT,
        location=TEXT,
        emails={"type": "array", "items": EMAIL},
        phones={"type": "array", "items": body("value", type=one_of("mobile", "home", "work", "other"), value=TEXT)},
        links=_TEXTS,
        tags=_TEXTS,
        sources=_TEXTS,
        origin=one_of("agency", "applied", "internal", "referred", "sourced", "university"),
    ),
}


class Lever(Vendor):
    """`page` caps the pages of a list; `now` gives the time of what is changed."""

    def __init__(self, now, page=MOST):
        super().__init__()
        self.now, self.page = now, page
        self.requests = Requests(REQUESTS)
        self.postings, self.opportunities, self.contacts, self.offsets, self.resumes = [], {}, {}, {}, {}
        self.reasons = [
            {"id": self.number(), "text": "Hired", "status": "active", "type": "hired"},
            {"id": self.number(), "text": "Underqualified", "status": "active", "type": "non-hired"},
            {"id": self.number(), "text": "Withdrew", "status": "active", "type": "non-hired"},
        ]

    # What people do in Lever.

    def number(self):
        self.numbers = getattr(self, "numbers", 0) + 1
        return str(uuid.UUID(int=self.numbers))

    def at(self):
        return round(self.now().timestamp() * 1000)

    def add_posting(self, title="Tester", **more):
        number = self.number()
        shown = {
            "id": number,
            "text": title,
            "categories": {
                "commitment": "Full-time",
                "department": "Quality",
                "team": "Testing",
                "location": "Cork",
                "allLocations": ["Cork"],
            },
            "country": "IE",
            "createdAt": 1_770_109_200_000,
            "description": "<div>Test things</div>",
            "descriptionPlain": "Test things",
            "lists": [{"text": "You & we", "content": "<li>Patience</li>"}],
            "additional": "<div>Goodbye</div>",
            "hostedUrl": f"https://jobs.lever.co/acme/{number}",
            "applyUrl": f"https://jobs.lever.co/acme/{number}/apply",
            "workplaceType": "on-site",
        }
        self.postings.append(shown | more)
        return number

    def add_person(self, name="Ann Lee", email="", posting=None, stage="New applicant", **more):
        """An opportunity of a contact, who is known again by the address."""
        contact = next((one["id"] for one in self.contacts.values() if email and email in one["emails"]), None)
        if contact is None:
            contact = self.number()
            self.contacts[contact] = {"id": contact, "name": name, "emails": [email] if email else [], "phones": []}
        number = self.number()
        applications = []
        if posting:
            applications = [{"id": self.number(), "type": "posting", "posting": posting, "createdAt": self.at()}]
        row = {
            "id": number,
            "contact": contact,
            "stage": {"id": self.number(), "text": stage},
            "archived": None,
            "applications": applications,
            "tags": [],
            "sources": [],
            "origin": "applied",
            "createdAt": self.at(),
            "updatedAt": self.at(),
            "lastAdvancedAt": self.at(),
            "isAnonymized": False,
        }
        self.opportunities[number] = row | more
        return number

    def move(self, number, **changes):
        self.opportunities[number].update(changes, updatedAt=self.at())

    def archive(self, number, reason):
        found = next(row["id"] for row in self.reasons if row["text"] == reason)
        self.move(number, archived={"archivedAt": self.at(), "reason": found})

    def webhook(self, event, secret=SECRET, **data):
        token, at = uuid.uuid4().hex, self.at()
        digest = hmac.digest(secret.encode(), f"{token}{at}".encode(), hashlib.sha256).hex()
        return json.dumps(
            {"event": event, "triggeredAt": at, "token": token, "signature": digest, "data": data}
        ).encode()

    # What the API answers.

    def respond(self, request):
        if request.path.startswith("/postings/"):
            return self._site(request, request.path.split("/")[2:])
        pair = base64.b64encode(f"{KEY}:".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {pair}":
            return answer({"code": "Unauthorized", "message": "The API key is not valid."}, 401)
        name, _, number = request.path.removeprefix("/api/").partition("/")
        if request.method == "POST":
            return self._make(request)
        if name == "archive_reasons":
            return self._page(request, self.reasons)
        if name == "contacts":
            return _found(self.contacts.get(number))
        if number:
            row = self.opportunities.get(number)
            return _found(self._shown(row, request) if row else None)
        return self._list(request)

    def _site(self, request, parts):
        if parts[0] != "acme":
            return answer({"ok": False, "error": "Document not found"}, 404)
        if request.method == "POST":
            return self._apply(request, parts[1])
        assert request.args["mode"] == "json"
        assert int(request.args["limit"]) <= MOST
        skip, most = int(request.args["skip"]), min(self.page, int(request.args["limit"]))
        return answer(self.postings[skip : skip + most])

    def _apply(self, request, posting):
        if request.args.get("key") != POSTINGS_KEY:
            return answer({"ok": False, "error": "Invalid API key"}, 401)
        if posting not in [row["id"] for row in self.postings]:
            return answer({"ok": False, "error": "Posting not found"}, 404)
        form = request.form.to_dict()
        if not self.requests.fits("apply", form):
            return answer({"ok": False, "error": self.requests.complaints[-1]}, 400)
        number = self.add_person(form["name"], form["email"], posting, sources=[form.get("source", "")])
        [application] = self.opportunities[number]["applications"]
        application["comments"], self.opportunities[number]["form"] = form.get("comments", ""), form
        for file in request.files.values():
            self.resumes[number] = (file.filename, file.read())
            file.close()
        return answer({"ok": True, "applicationId": application["id"]})

    def _make(self, request):
        sent = request.get_json()
        if request.args.get("perform_as") != USER or not self.requests.fits("opportunities", sent):
            return answer({"code": "BadRequest", "message": "perform_as is missing or the body does not fit"}, 400)
        number = self.add_person(sent["name"], sent["emails"][0], tags=sent["tags"], sent=sent)
        return answer({"data": self._shown(self.opportunities[number], request)}, 201)

    def _shown(self, row, request):
        expanded = request.args.getlist("expand")
        person = self.contacts[row["contact"]]
        shown = row | {name: person[name] for name in ("name", "emails", "phones")}
        if "applications" not in expanded:
            shown["applications"] = [one["id"] for one in row["applications"]]
        if "stage" not in expanded:
            shown["stage"] = row["stage"]["id"]
        return shown

    def _list(self, request):
        args = request.args
        rows = [self._shown(row, request) for row in self.opportunities.values()]
        start, end = int(args.get("updated_at_start", 0)), int(args.get("updated_at_end", 10**15))
        rows = [row for row in rows if start <= row["updatedAt"] <= end]
        if "email" in args:
            rows = [row for row in rows if args["email"].casefold() in map(str.casefold, row["emails"])]
        if "contact_id" in args:
            rows = [row for row in rows if row["contact"] == args["contact_id"]]
        return self._page(request, rows)

    def _page(self, request, rows):
        assert int(request.args["limit"]) <= MOST
        rows = self.offsets.get(request.args.get("offset"), rows)
        here, rest = rows[: self.page], rows[self.page :]
        told = {"data": here, "hasNext": bool(rest)}
        if rest:
            told["next"] = f"%5B{self.number()}%5D"
            self.offsets[told["next"]] = rest
        return answer(told)


def _found(row):
    return answer({"data": row}) if row else answer({"code": "ResourceNotFound", "message": "Not found"}, 404)
