"""A mail provider with faults, speaking the one call of SES that the product makes: its books are the truth.

    python provider.py BOOKS_FILE

The port is the first line on standard output. Shares of faults come from the environment: T429, DROP.
GET /accepted lists what was accepted so far, as the event feed would tell it.
"""

import json
import os
import random
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

T429, DROP = float(os.environ.get("T429", "0.05")), float(os.environ.get("DROP", "0.03"))
chance = random.Random(7)
lock = threading.Lock()
accepted: list[dict] = []


class Provider(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:  # the caller died while it wrote: nothing was accepted
            self.close_connection = True
        elif not self.path.endswith("/outbound-emails"):
            self.reply(200, {})
        elif chance.random() < T429:
            self.reply(429, {"message": "slow down"}, error="TooManyRequestsException")
        else:
            self.accept(json.loads(body))

    def accept(self, call):
        tags = {tag["Name"]: tag["Value"] for tag in call["EmailTags"]}
        with lock:
            accepted.append({**tags, "message_id": f"m{len(accepted)}"})
            books.write(json.dumps(tags) + "\n")
        if chance.random() < DROP:
            self.close_connection = True
            self.connection.close()
        else:
            self.reply(200, {"MessageId": f"m{len(accepted)}"})

    def do_GET(self):
        with lock:
            self.reply(200, accepted)

    def reply(self, status, body, error=""):
        data = json.dumps(body).encode()
        self.send_response(status)
        if error:
            self.send_header("x-amzn-ErrorType", error)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 64

    def handle_error(self, request, client_address):
        """Killed callers and dropped replies are the point."""


books = open(sys.argv[1], "a", buffering=1)  # noqa: SIM115  (as long as the process)
server = Server(("127.0.0.1", 0), Provider)
print(server.server_port, flush=True)
server.serve_forever()
