"""python -m integration.local.sources --port N"""

import argparse
import sys

from integration.local.serving import PortTaken, given, refuse_taken, serve
from integration.local.sources.server import Sources


def make() -> Sources:
    """The application; called in the worker."""
    given()
    return Sources()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="sources", description="Stands in for the outside sources of searches.")
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args(arguments)
    try:
        refuse_taken(options.port, "sources")
    except PortTaken as taken:
        print(taken, file=sys.stderr)
        return 1
    serve("integration.local.sources.__main__:make", options.port, {})
    return 0


if __name__ == "__main__":
    sys.exit(main())
