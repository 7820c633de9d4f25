"""The site as API Gateway puts it before visitors: real events, the function's own answers, packed as it packs them."""

import base64
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from lambdas.site.bridge import answer
from tests.unit.site.visitor import http_event


@contextmanager
def gateway(web, port):
    """Serves a Flask app at a port of this machine until the block is left."""
    one_at_a_time = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = 64 * 1024

        def handle_any(self):
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            path, _, query = self.path.partition("?")
            event = http_event(self.command, "/", body=body, headers=dict(self.headers.items()))
            event |= {"rawPath": path, "rawQueryString": query}
            with one_at_a_time:
                reply = answer(web, event)
            text = reply.get("body", "")
            data = base64.b64decode(text) if reply.get("isBase64Encoded") else text.encode()
            self.send_response(reply["statusCode"])
            for name, value in {**reply["headers"], "content-length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        def __getattr__(self, name):
            if name.startswith("do_"):  # whatever method is asked for
                return self.handle_any
            raise AttributeError(name)

        def log_message(self, format, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
