"""Jobs by department and place, a page for each pair that has one."""

from flask import Flask, Response, abort, render_template

from integration.model import shelf
from lambdas.site.jobs import public
from lambdas.site.snapshots import Snapshots


def add_routes(web: Flask, snapshots: Snapshots) -> None:
    @web.get("/jobs/in/<department>/<place>")
    def jobs_in(department: str, place: str) -> Response:
        jobs = shelf.on_shelf(snapshots.listing()["jobs"], department, place)
        if not jobs or department == place == shelf.ALL:
            abort(404)
        named = [name for name in shelf.title(jobs, department, place) if name]
        return public(
            render_template(
                "shelf.html.j2",
                brand=snapshots.brand(),
                jobs=jobs,
                named=" · ".join(named),
                path=f"/jobs/in/{department}/{place}",
            )
        )
