"""python -m integration.local.mailbox --port N --db FILE --hooks-url URL --key FILE --topic-arn ARN
[--aws URL --inbound-domain NAME]"""

import argparse
import sys
from pathlib import Path

from integration.local.mailbox.delivering import Delivery
from integration.local.mailbox.emitter import Emitter
from integration.local.mailbox.provider import Provider
from integration.local.mailbox.server import Mailbox
from integration.local.mailbox.signing import Notifier
from integration.local.mailbox.store import Store
from integration.local.serving import PortTaken, given, refuse_taken, serve


def make() -> Mailbox:
    """The application, with its emitter running; called in the worker."""
    settings = given()
    store = Store(settings["db"])
    provider = Provider(store)
    if settings["hooks_url"]:
        notifier = Notifier.from_file(Path(settings["key"]), settings["topic_arn"])
        Emitter(store, provider, notifier, settings["hooks_url"]).start()
    return Mailbox(store, provider, Delivery(settings["aws"], settings["inbound_domain"]))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="mailbox", description="Takes what SES accepted and shows it.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--db", required=True, help="SQLite file")
    parser.add_argument("--hooks-url", default="", help="where provider events are posted; empty: nowhere")
    parser.add_argument("--key", default="", help="PEM file of the key that signs the events")
    parser.add_argument("--topic-arn", default="", help="the SNS topic the events come from")
    parser.add_argument("--aws", default="", help="the local AWS that takes mail to the product")
    parser.add_argument("--inbound-domain", default="", help="whose mail the product takes; empty: none")
    options = parser.parse_args(arguments)
    try:
        refuse_taken(options.port, "mailbox")
    except PortTaken as taken:
        print(taken, file=sys.stderr)
        return 1
    settings = {
        name: getattr(options, name) for name in ("db", "hooks_url", "key", "topic_arn", "aws", "inbound_domain")
    }
    serve("integration.local.mailbox.__main__:make", options.port, settings)
    return 0


if __name__ == "__main__":
    sys.exit(main())
