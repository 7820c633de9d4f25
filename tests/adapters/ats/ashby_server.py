"""Ashby on this machine, in its documented shapes: public job board, API, places for files, webhooks."""

import base64
import hashlib
import hmac
import json
import uuid
from datetime import UTC

from tests.adapters.ats.schema import BOOLEAN, EMAIL, MOMENT, TEXT, URL, UUID, Requests, body, one_of
from tests.adapters.ats.vendor import Vendor, answer

KEY = "api-key"
SECRET = "hook-s3cret"
_LISTED = {"limit": {"type": "integer", "minimum": 1, "maximum": 100}, "cursor": TEXT}
_NOTE = body("type", "value", type=one_of("text/plain", "text/html"), value=TEXT)
REQUESTS = {
    "job.list": body(**_LISTED),
    "application.list": body(syncToken=TEXT, **_LISTED),
    "application.info": body("applicationId", applicationId=UUID),
    "application.create": body(
        "candidateId",
        "jobId",
        candidateId=UUID,
        jobId=UUID,
        sourceId=UUID,
        createdAt=MOMENT,
        interviewStageId={"anyOf": [UUID, one_of("FirstPreInterviewScreen")]},
    ),
    "candidate.info": body("id", id=UUID),
    "candidate.search": body(email=EMAIL, name=TEXT),
    "candidate.create": body(
        "name",
        name=TEXT,
        email=EMAIL,
        phoneNumber=TEXT,
        linkedInUrl=URL,
        githubUrl=URL,
        website=URL,
        sourceId=UUID,
        location=body(city=TEXT, region=TEXT, country=TEXT),
    ),
    "candidate.listNotes": body("candidateId", candidateId=UUID, **_LISTED),
    "candidate.createNote": body("candidateId", "note", candidateId=UUID, note=_NOTE, sendNotifications=BOOLEAN),
    "candidate.addTag": body("candidateId", "tagId", candidateId=UUID, tagId=UUID),
    "candidate.addProject": body("candidateId", "projectId", candidateId=UUID, projectId=UUID),
    "candidate.uploadResume": body("candidateId", "resumeHandle", candidateId=UUID, resumeHandle=TEXT),
    "file.createFileUploadHandle": body(
        "fileUploadContext",
        "filename",
        "contentType",
        "contentLength",
        fileUploadContext=one_of("CandidateResume", "CandidateFiles", "ApplicationForm"),
        filename=TEXT,
        contentType=TEXT,
        contentLength={"type": "integer", "minimum": 1},
    ),
    "source.list": body(),
    "candidateTag.list": body(**_LISTED),
    "project.list": body(**_LISTED),
}


def moment(at):
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def refused(code, message="", status=200):
    """How Ashby says no."""
    return answer({"success": False, "errors": [code], "errorInfo": {"code": code, "message": message}}, status)


class Ashby(Vendor):
    """`page` caps the pages of a list; `now` gives the time of what is changed."""

    def __init__(self, now, page=100):
        super().__init__()
        self.now, self.page = now, page
        self.requests = Requests(REQUESTS)
        self.board, self.jobs = [], []
        self.applications, self.candidates, self.notes, self.files = {}, {}, {}, {}
        self.lists = {"source.list": [], "candidateTag.list": [], "project.list": []}
        self.projects, self.resumes, self.cursors, self.tokens = {}, {}, {}, {}
        self.numbers = 0

    # What people do in Ashby.

    def number(self):
        self.numbers += 1
        return str(uuid.UUID(int=self.numbers))

    def add_posting(self, title="Tester", job=None, **more):
        posting = self.number()
        if job is None:
            job = self.number()
            self.jobs.append({"id": job, "title": title, "status": "Open", "confidential": False, "jobPostingIds": []})
        row = next(row for row in self.jobs if row["id"] == job)
        row["jobPostingIds"].append(posting)
        address = {"addressLocality": "Cork", "addressRegion": "Munster", "addressCountry": "Ireland"}
        shown = {
            "id": posting,
            "title": title,
            "department": "Quality",
            "team": "Testing",
            "employmentType": "FullTime",
            "location": "Cork",
            "secondaryLocations": [],
            "address": {"postalAddress": address},
            "isRemote": False,
            "workplaceType": "OnSite",
            "publishedAt": "2026-02-03T09:00:00.000+00:00",
            "isListed": True,
            "jobUrl": f"https://jobs.ashbyhq.com/acme/{posting}",
            "applyUrl": f"https://jobs.ashbyhq.com/acme/{posting}/application",
            "descriptionHtml": "<p>Test things &amp; more</p>",
            "descriptionPlain": "Test things & more",
            "shouldDisplayCompensationOnJobPostings": True,
        }
        self.board.append(shown | more)
        return job

    def add_candidate(self, name="Ann Lee", email=""):
        number, addresses = self.number(), []
        if email:
            addresses = [{"value": email, "type": "Personal", "isPrimary": True}]
        self.candidates[number] = {
            "id": number,
            "name": name,
            "emailAddresses": addresses,
            "phoneNumbers": [],
            "socialLinks": [],
            "tags": [],
            "fileHandles": [],
            "profileUrl": "",
        }
        if addresses:
            self.candidates[number]["primaryEmailAddress"] = addresses[0]
        return number

    def add_application(self, candidate, job, stage="Application Review", kind="PreInterviewScreen", **more):
        number = self.number()
        plan = {"id": self.number(), "title": stage, "type": kind, "orderInInterviewPlan": 1}
        row = {
            "id": number,
            "createdAt": moment(self.now()),
            "updatedAt": moment(self.now()),
            "status": "Active",
            "candidateId": candidate,
            "currentInterviewStage": plan,
            "job": {"id": job, "title": "Tester"},
            "hiringTeam": [],
        }
        self.applications[number] = row | more
        return number

    def move(self, number, **changes):
        self.applications[number].update(changes, updatedAt=moment(self.now()))

    def archive(self, number, reason="Not a fit", kind="RejectedByOrg"):
        told = {"id": self.number(), "text": reason, "reasonType": kind, "isArchived": False}
        self.move(number, status="Archived", archiveReason=told, archivedAt=moment(self.now()))

    def merge(self, lost, kept):
        del self.candidates[lost]
        for number, row in self.applications.items():
            if row["candidateId"] == lost:
                self.move(number, candidateId=kept)

    def add_named(self, call, title):
        self.lists[call].append({"id": self.number(), "title": title, "isArchived": False})
        return self.lists[call][-1]["id"]

    def webhook(self, action, secret=SECRET, **data):
        """(headers, body) as they are sent."""
        text = json.dumps({"action": action, "data": data}).encode()
        digest = hmac.digest(secret.encode(), text, hashlib.sha256).hex()
        return {"Ashby-Signature": f"sha256={digest}"}, text

    # What the API answers.

    def respond(self, request):
        if request.path.startswith("/board/"):
            return self._board(request)
        if request.path == "/store":
            return self._store(request)
        call = request.path.removeprefix("/api/")
        pair = base64.b64encode(f"{KEY}:".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {pair}":
            return answer({"success": False, "errors": ["invalid_api_key"]}, 403)
        if request.headers.get("Accept") != "application/json; version=1" or request.method != "POST":
            return answer("Not Found", 404)
        sent = request.get_json()
        if not self.requests.fits(call, sent):
            return refused("invalid_input", self.requests.complaints[-1])
        if call in ("job.list", "application.list", "candidate.listNotes", *self.lists):
            return self._listed(call, sent)
        respond = getattr(self, "_" + call.replace(".", "_"))
        return respond(sent)

    def _board(self, request):
        assert request.args.to_dict() == {"includeCompensation": "true"}, request.args
        if request.path != "/board/acme":
            return answer("Not Found", 404)
        return answer({"apiVersion": "1", "jobs": self.board})

    def _store(self, request):
        assert "Authorization" not in request.headers
        names = list(request.form) + list(request.files)
        assert names[-1] == "file", names
        file = request.files["file"]
        self.files[request.form["key"]] = {"name": file.filename, "data": file.read()}
        file.close()
        return answer("", 204)

    def _listed(self, call, sent):
        if cursor := sent.get("cursor"):
            rows, token = self.cursors[cursor]
            return self._page(rows, token)
        token = self.number() if call == "application.list" else ""
        if call == "job.list":
            rows = self.jobs
        elif call == "candidate.listNotes":
            rows = self.notes.get(sent["candidateId"], [])
        elif call in self.lists:
            rows = self.lists[call]
            if call == "source.list":
                return answer({"success": True, "results": rows, "moreDataAvailable": False})
        else:
            if (since := sent.get("syncToken")) and since not in self.tokens:
                return refused("sync_token_expired", "The sync token has expired.")
            rows = [row for row in self.applications.values() if row["updatedAt"] > self.tokens.get(since, "")]
            rows = [self._shown(row) for row in rows]
            self.tokens[token] = moment(self.now())
        return self._page(rows, token)

    def _page(self, rows, token):
        here, rest = rows[: self.page], rows[self.page :]
        told = {"success": True, "results": here, "moreDataAvailable": bool(rest)}
        if rest:
            told["nextCursor"] = f"{self.number()}=="
            self.cursors[told["nextCursor"]] = rest, token
        elif token:
            told["syncToken"] = token
        return answer(told)

    def _shown(self, row):
        person = self.candidates[row["candidateId"]]
        short = {name: person[name] for name in ("id", "name", "primaryEmailAddress") if name in person}
        return {**{name: value for name, value in row.items() if name != "candidateId"}, "candidate": short}

    def _whole(self, number):
        ids = [one["id"] for one in self.applications.values() if one["candidateId"] == number]
        return self.candidates[number] | {"applicationIds": ids}

    def _application_info(self, sent):
        row = self.applications.get(sent["applicationId"])
        return _found(self._shown(row)) if row else refused("application_not_found")

    def _candidate_info(self, sent):
        known = sent["id"] in self.candidates
        return _found(self._whole(sent["id"])) if known else refused("candidate_not_found")

    def _candidate_search(self, sent):
        wanted = sent["email"].casefold()
        rows = [
            self._whole(number)
            for number, row in self.candidates.items()
            if any(wanted in each["value"].casefold() for each in row["emailAddresses"])
        ]
        return _found(rows[:100])

    def _candidate_create(self, sent):
        number = self.add_candidate(sent["name"], sent.get("email", ""))
        self.candidates[number]["sent"] = sent
        return _found(self._whole(number))

    def _application_create(self, sent):
        if sent["candidateId"] not in self.candidates:
            return refused("candidate_not_found")
        if sent["jobId"] not in [row["id"] for row in self.jobs]:
            return refused("job_not_found")
        made = {} if "interviewStageId" in sent else {"status": "Lead"}
        if "createdAt" in sent:
            made["createdAt"] = sent["createdAt"]
        number = self.add_application(sent["candidateId"], sent["jobId"], sent=sent, **made)
        return _found(self._shown(self.applications[number]))

    def _candidate_createNote(self, sent):
        note = {
            "id": self.number(),
            "createdAt": moment(self.now()),
            "isPrivate": False,
            "content": sent["note"]["value"],
        }
        self.notes.setdefault(sent["candidateId"], []).append(note)
        return _found(note)

    def _candidate_addTag(self, sent):
        tag = next(row for row in self.lists["candidateTag.list"] if row["id"] == sent["tagId"])
        tags = self.candidates[sent["candidateId"]]["tags"]
        tags += [tag] if tag not in tags else []
        return _found(self._whole(sent["candidateId"]))

    def _candidate_addProject(self, sent):
        self.projects.setdefault(sent["projectId"], set()).add(sent["candidateId"])
        return _found(self._whole(sent["candidateId"]))

    def _file_createFileUploadHandle(self, sent):
        handle = f"handle-{self.number()}"
        return _found({"handle": handle, "url": f"{self.url}/store", "fields": {"key": handle, "Policy": "signed"}})

    def _candidate_uploadResume(self, sent):
        if sent["resumeHandle"] not in self.files:
            return refused("invalid_input", "The handle was not uploaded to.")
        self.resumes[sent["candidateId"]] = self.files[sent["resumeHandle"]]
        return _found(self._whole(sent["candidateId"]))


def _found(results):
    return answer({"success": True, "results": results})
