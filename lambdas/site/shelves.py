"""Jobs by department and place, a page and an RSS feed for each pair that has one."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, abort, make_response, render_template, request

from integration.model import shelf
from integration.model.feed import Entry, Publisher, form_of
from integration.model.posting import Job
from lambdas.site.jobs import public
from lambdas.site.snapshots import Snapshots

TAG = "rss"
"""What visitors from these feeds are credited to when no link of ours says more."""
_NO_JOB = Job("", "", "", "")


def add_routes(web: Flask, snapshots: Snapshots) -> None:
    @web.get("/jobs/in/<department>/<place>")
    def jobs_in(department: str, place: str) -> Response:
        jobs, named = _found(snapshots, department, place)
        return public(
            render_template(
                "shelf.html.j2",
                brand=snapshots.brand(),
                jobs=jobs,
                named=named,
                path=f"/jobs/in/{department}/{place}",
            )
        )

    @web.get("/jobs/in/<department>/<place>.rss")
    def feed_of(department: str, place: str) -> Response:
        """The same jobs for a reader, newest first."""
        jobs, named = _found(snapshots, department, place)
        base = web.config["PUBLIC_BASE_URL"]
        path = f"/jobs/in/{department}/{place}"
        form = form_of("rss", Publisher(f"{named} · {snapshots.brand()['name']}", f"{base}{path}", f"{base}{path}.rss"))
        tags = urlencode({"utm_source": TAG, "utm_campaign": f"{department}-{place}"})
        entries = [(_entry(job, base, tags), _NO_JOB) for job in jobs]
        latest = max(entry.date for entry, _ in entries)
        response = make_response(form.opening + form.render(entries) + form.closing(len(entries), latest))
        response.headers["Content-Type"] = form.media
        response.headers["Cache-Control"] = "public, max-age=300"
        response.add_etag()
        response.make_conditional(request)
        return response


def _found(snapshots: Snapshots, department: str, place: str) -> tuple[list[shelf.Job], str]:
    """The jobs of a shelf and what it is called; a shelf without jobs is not there."""
    jobs = shelf.on_shelf(snapshots.listing()["jobs"], department, place)
    if not jobs or department == place == shelf.ALL:
        abort(404)
    return jobs, " · ".join(name for name in shelf.title(jobs, department, place) if name)


def _entry(job: Mapping[str, Any], base: str, tags: str) -> Entry:
    """What the listing knows of a job; the whole text stands on its page."""
    facts = [job["company"], *shelf.places_of(job), job["employment"], job["salary"]]
    page = f"{base}/jobs/{job['reference']}"
    return Entry(
        title=job["title"], date=job["posted_on"], reference=job["reference"], requisition=job["requisition"],
        url=f"{page}?{tags}", company=job["company"], street="", city="", region="", country="", postal_code="",
        description=" · ".join(fact for fact in facts if fact), salary=job["salary"], job_type="",
        category=job["department"], expires="", remote="", page=page,
    )  # fmt: skip
