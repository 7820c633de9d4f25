"""python -m integration.local.console --port N --org URL --site URL --mailbox URL (the token comes in ORG_TOKEN)"""

import argparse
import os
import sys
from pathlib import Path

from integration.local.console.drawing import draw
from integration.local.console.org import OrgRest
from integration.local.console.server import Console
from integration.local.places import ROOT
from integration.local.serving import PortTaken, given, refuse_taken, serve


def make() -> Console:
    """The application; called in the worker."""
    settings = given()
    links = {"Career site": settings["site"], "Mailbox": settings["mailbox"]}
    return Console(draw(Path(settings["metadata"])), OrgRest(settings["org"], os.environ["ORG_TOKEN"]), links)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="console", description="The recruiters' pages over the embedded org.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--org", required=True, help="URL of the org")
    parser.add_argument("--site", default="", help="URL of the public pages")
    parser.add_argument("--mailbox", default="", help="URL of the mailbox")
    parser.add_argument("--metadata", default=str(ROOT / "sf_metadata" / "main" / "default"))
    options = parser.parse_args(arguments)
    try:
        refuse_taken(options.port, "console")
    except PortTaken as taken:
        print(taken, file=sys.stderr)
        return 1
    settings = {name: getattr(options, name) for name in ("org", "site", "mailbox", "metadata")}
    serve("integration.local.console.__main__:make", options.port, settings)
    return 0


if __name__ == "__main__":
    sys.exit(main())
