"""A vendor's local server: what it is asked is kept, and faults are answered before the truth."""

import json
import threading
from contextlib import contextmanager

from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response


class Vendor:
    """Subclasses answer `respond(request)`; `faults` maps a part of a path to answers given first, one by one."""

    def __init__(self):
        self.asked = []
        self.faults = {}
        self.url = ""

    def __call__(self, environ, start_response):
        request = Request(environ)
        request.get_data(cache=True, parse_form_data=False)
        self.asked.append((request.method, request.full_path.rstrip("?"), dict(request.headers), request.get_data()))
        for part, answers in self.faults.items():
            if part in f"{request.method} {request.path}" and answers:
                fault = answers.pop(0)
                if not isinstance(fault, Response | None):
                    fault = fault(request)
                if fault is not None:
                    return fault(environ, start_response)
        return self.respond(request)(environ, start_response)

    def respond(self, request):
        raise NotImplementedError

    def paths(self, part=""):
        return [path for method, path, _, _ in self.asked if part in f"{method} {path}"]


def answer(body, status=200, **headers):
    text = json.dumps(body) if not isinstance(body, str | bytes) else body
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(text, status, named, content_type="application/json")


def busy(seconds=2):
    return answer({"message": "slow down"}, 429, Retry_After=str(seconds))


def lost(respond):
    """The vendor does what it is asked, and its answer never arrives."""

    def drop(request):
        respond(request)
        return Response(iter([b'{"half']), 200, {"Content-Length": "9000"})

    return drop


@contextmanager
def served(vendor):
    server = make_server("127.0.0.1", 0, vendor, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    vendor.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield vendor
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def pulled(ats, since=""):
    """(every change, the cursor of the last page) of a pull."""
    pages = list(ats.changes.changes(since))
    return [change for page in pages for change in page.changes], pages[-1].cursor
