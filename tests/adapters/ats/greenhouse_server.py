"""Greenhouse on this machine, in its documented shapes: Job Board, Harvest v3, candidate ingestion, webhooks."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from urllib.parse import urlencode

from tests.adapters.ats.vendor import Vendor, answer

CLIENT = ("client-id", "client-secret")
SECRET = "hook-s3cret"
MOST_IDS = 50


def moment(at):
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Greenhouse(Vendor):
    """`page` caps the pages of a list; `now` gives the time of what is changed."""

    def __init__(self, now, page=500):
        super().__init__()
        self.now, self.page = now, page
        self.jobs = []
        self.applications, self.candidates, self.external_ids = {}, {}, {}
        self.reasons = [
            {"id": 1, "name": "Not a fit", "type": {"id": 1, "key": "we_rejected", "name": "We Rejected Them"}},
            {"id": 2, "name": "Took another job", "type": {"id": 2, "key": "they", "name": "They Rejected Us"}},
        ]
        self.tokens, self.cursors = set(), {}
        self.token_seconds = 3600
        self.next_id = 1_000

    # What people do in Greenhouse.

    def number(self):
        self.next_id += 1
        return self.next_id

    def add_job(self, number, title="Tester", **more):
        job = {
            "id": number * 10,
            "internal_job_id": number,
            "title": title,
            "updated_at": moment(self.now()),
            "requisition_id": str(number),
            "location": {"name": "Cork, Munster, Ireland"},
            "absolute_url": f"https://boards.greenhouse.io/acme/jobs/{number * 10}",
            "language": "en",
            "metadata": None,
            "content": "&lt;p&gt;Test things &amp;amp; more&lt;/p&gt;",
            "departments": [{"id": 1, "name": "Quality", "parent_id": None, "child_ids": []}],
            "offices": [],
        }
        self.jobs.append(job | more)

    def add_candidate(self, first="Ann", last="Lee", email="", number=None):
        number = number or self.number()
        self.candidates[number] = {
            "id": number,
            "first_name": first,
            "last_name": last,
            "email_addresses": [{"value": email, "type": "personal"}] if email else [],
            "phone_numbers": [],
            "tags": [],
            "created_at": moment(self.now()),
            "updated_at": moment(self.now()),
        }
        return number

    def add_application(self, candidate, job, stage="Application Review", number=None, **more):
        number = number or self.number()
        row = {
            "id": number,
            "candidate_id": candidate,
            "job_id": job,
            "job_post_id": (job or 0) * 10 or None,
            "status": "in_process",
            "stage_name": stage,
            "prospect": job is None,
            "rejected_at": None,
            "rejection_reason_id": None,
            "created_at": moment(self.now()),
            "updated_at": moment(self.now()),
            "last_activity_at": moment(self.now()),
        }
        self.applications[number] = row | more
        return number

    def move(self, number, **changes):
        self.applications[number].update(changes, updated_at=moment(self.now()))

    def merge(self, lost, kept):
        del self.candidates[lost]
        for number, row in self.applications.items():
            if row["candidate_id"] == lost:
                self.move(number, candidate_id=kept)

    def anonymise(self, number):
        changes = {"first_name": "Anonymized", "last_name": str(number), "email_addresses": []}
        self.candidates[number].update(changes, updated_at=moment(self.now()))

    def webhook(self, action, secret=SECRET, **payload):
        """(headers, body) as they are sent: letters of HTML escaped before they are signed."""
        text = json.dumps({"action": action, "payload": payload})
        body = text.replace("<", "\\u003c").replace(">", "\\u003e").encode()
        digest = hmac.digest(secret.encode(), body, hashlib.sha256).hex()
        return {"Signature": f"sha256 {digest}", "Greenhouse-Event-ID": str(self.number())}, body

    def told(self, number):
        """The webhook of an application as it stands."""
        row = self.applications[number]
        stage = {"id": 1, "name": row["stage_name"]}
        about = {"id": number, "status": "active", "current_stage": stage, "candidate": {"id": row["candidate_id"]}}
        return self.webhook("candidate_stage_change", application=about)

    # What the API answers.

    def respond(self, request):
        path = request.path
        if path == "/auth/token":
            return self._token(request)
        if path.startswith("/board/"):
            return self._board(request)
        if path == "/ingest/candidates":
            return self._ingest(request)
        if path.startswith("/harvest/"):
            return self._harvest(request, path.removeprefix("/harvest/"))
        return answer({"message": "Resource not found"}, 404)

    def _token(self, request):
        pair = base64.b64encode(":".join(CLIENT).encode()).decode()
        if request.headers.get("Authorization") != f"Basic {pair}":
            return answer({"error": "invalid_client"}, 401)
        if request.form.get("grant_type") != "client_credentials":
            return answer({"error": "unsupported_grant_type"}, 400)
        token = f"token-{self.number()}"
        self.tokens.add(token)
        return answer({"access_token": token, "token_type": "Bearer", "expires_in": self.token_seconds})

    def _board(self, request):
        parts = request.path.split("/")  # "", board, token, jobs, id
        if parts[2] != "acme":
            return answer({"status": 404, "error": "Job board not found"}, 404)
        if request.method == "POST":
            return self._apply(request, int(parts[4]))
        assert request.args.to_dict() == {"content": "true", "pay_transparency": "true"}, request.args
        return answer({"jobs": self.jobs, "meta": {"total": len(self.jobs)}})

    def _apply(self, request, post):
        if request.headers.get("Authorization") != _basic("board-key"):
            return answer({"error": "Unauthorized"}, 401)
        form = request.form
        for name in ("first_name", "last_name", "email"):
            if not form.get(name):
                return answer({"status": 400, "error": f"{name} is required"}, 400)
        job = next((job["internal_job_id"] for job in self.jobs if job["id"] == post), None)
        if job is None:
            return answer({"status": 404, "error": "Job not found"}, 404)
        files = {name: file.filename for name, file in request.files.items()}
        for file in request.files.values():
            file.close()
        candidate = self.add_candidate(form["first_name"], form["last_name"], form["email"])
        self.add_application(candidate, job, form=dict(form), files=files)
        return answer({"success": "Candidate saved successfully"})

    def _ingest(self, request):
        if request.headers.get("Authorization") != _basic("ingestion-key"):
            return answer({"errors": [{"message": "You have not been authenticated."}]}, 401)
        if "@" not in request.headers.get("On-Behalf-Of", ""):
            return answer({"errors": [{"message": "On-Behalf-Of is missing."}]}, 401)
        if request.method == "GET":
            ids = [int(one) for one in request.args["candidate_ids"].split(",")]
            found = [self._ingested(one) for one in ids if one in self.candidates]
            return answer("" if not found else found[0] if len(ids) == 1 else found)
        sent = request.get_json()
        for name in ("first_name", "last_name", "external_id"):
            if not sent.get(name):
                return answer({"errors": [{"message": f"{name} is required", "field": name}]}, 400)
        candidate = self.add_candidate(
            sent["first_name"], sent["last_name"], sent.get("emails", [{}])[0].get("email", "")
        )
        self.external_ids[candidate] = sent["external_id"]
        application = self.add_application(candidate, sent.get("job_id"), sent=sent)
        made = {"id": candidate, "application_id": application, "external_id": sent["external_id"], "profile_url": ""}
        return answer(made)

    def _ingested(self, number):
        return {"id": number, "name": "…", "external_id": self.external_ids.get(number), "applications": []}

    def _harvest(self, request, name):
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if bearer not in self.tokens:
            return answer({"message": "Invalid or expired token"}, 401)
        args = request.args.to_dict()
        if cursor := args.pop("cursor", ""):
            if args:
                told = "When passing a cursor, do not include other query params."
                return answer({"errors": [told]}, 422)
            rows = self.cursors[cursor]
            return self._page(request, rows)
        assert int(args.pop("per_page")) <= 500
        rows = {"applications": self.applications, "candidates": self.candidates}.get(name)
        rows = list(rows.values()) if rows is not None else self.reasons
        return self._page(request, [row for row in sorted(rows, key=lambda row: -row["id"]) if _matches(row, args)])

    def _page(self, request, rows):
        here, rest = rows[: self.page], rows[self.page :]
        headers = {"X_RateLimit_Limit": "50", "X_RateLimit_Remaining": "49"}
        if rest:
            cursor = f"c{self.number()}=="
            self.cursors[cursor] = rest
            headers["Link"] = f'<{request.base_url}?{urlencode({"cursor": cursor})}>; rel="next"'
        return answer(here, **headers)


def _matches(row, filters):
    for name, wanted in filters.items():
        if name in ("ids", "candidate_ids", "job_ids"):
            values = [int(one) for one in wanted.split(",")]
            assert len(values) <= MOST_IDS
            if row["id" if name == "ids" else name.removesuffix("s")] not in values:
                return False
        elif name == "updated_at":
            low, first, high, last = wanted.split("|")
            assert (low, high) == ("gte", "lte")
            if (
                not datetime.fromisoformat(first)
                <= datetime.fromisoformat(row["updated_at"])
                <= datetime.fromisoformat(last)
            ):
                return False
        elif name == "email":
            if wanted not in [each["value"] for each in row["email_addresses"]]:
                return False
        else:
            assert name == "include_defaults", name
    return True


def _basic(key):
    return f"Basic {base64.b64encode(f'{key}:'.encode()).decode()}"
