"""The command `warmbench`: one line per command, each in a module of its own that is imported only when called."""

import importlib
import sys
from collections.abc import Sequence

COMMANDS = {
    "demo": ("integration.demo", "play the recruiter's story against the local stack and print the funnel"),
    "local": ("integration.local.start", "start the whole product on this machine"),
    "org": ("integration.local.org.serve", "start the embedded Salesforce org alone"),
    "clock": ("integration.local.clock", "move the local stack's clock: warmbench clock advance 3d"),
    "rehearse": ("integration.local.rehearsal.command", "play a drip through in this process and tell who gets what"),
    "check": (
        "integration.local.checking",
        "check sf_metadata/ against the Metadata API and our rules, or check posting FILE|URL for Google",
    ),
    "query": (
        "integration.prospecting.query.__main__",
        "show how a Boolean query is read and what each source is asked",
    ),
    "bookmarklet": ("integration.local.bookmarklet", "print the quick-add link of an org for recruiters' bookmarks"),
    "fidelity": ("integration.local.fidelity", "judge the embedded org by clients and recordings of others"),
    "bench": ("integration.bench", "measure a published figure against its peer"),
    "match": ("integration.matching.command", "find the doubles in a file of people, or between two"),
    "judge": ("integration.judging", "tell people from machines in a file of opens and clicks"),
    "package": ("integration.local.package", "build the zip that is deployed to AWS Lambda"),
}


def usage() -> str:
    lines = [f"  {name:<13}{purpose}" for name, (_, purpose) in COMMANDS.items()]
    return (
        "usage: warmbench COMMAND [OPTIONS]\n\n" + "\n".join(lines) + "\n\nwarmbench COMMAND --help tells the options."
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0] in {"-h", "--help", "help"}:
        print(usage())
        return 0 if given else 2
    name, *rest = given
    if name not in COMMANDS:
        print(f"warmbench has no command {name!r}.\n\n{usage()}", file=sys.stderr)
        return 2
    module = importlib.import_module(COMMANDS[name][0])
    status: int = module.main(rest)
    return status


if __name__ == "__main__":
    sys.exit(main())
