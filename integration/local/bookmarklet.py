"""`warmbench bookmarklet`: the link that recruiters drag to their bookmarks, for one org."""

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote, urlsplit

from integration.local.places import ROOT

SOURCE = ROOT / "sf_metadata" / "bookmarklet" / "quick-add.js"
_SAFE = "()[]{}=!?+-*/.,;:_~'&|^$@"


def link(org: str, source: Path = SOURCE) -> str:
    """`javascript:…` for a bookmark, without comments and indentation; raises ValueError for what is no address."""
    parts = urlsplit(org)
    if parts.scheme not in ("https", "http") or not re.fullmatch(r"[\w.-]+(:\d+)?", parts.netloc):
        raise ValueError(f"{org!r} is not the address of an org: give https://YOUR-ORG.lightning.force.com")
    lines = (line.strip() for line in source.read_text().splitlines())
    code = "\n".join(line for line in lines if line and not line.startswith("//"))
    return "javascript:" + quote(code.replace('"ORG"', f'"{parts.scheme}://{parts.netloc}"'), safe=_SAFE)


def main(arguments: Sequence[str]) -> int:
    """Prints the link."""
    parser = argparse.ArgumentParser(
        prog="warmbench bookmarklet",
        description="Prints the quick-add link of an org. Make a bookmark of it in the browser; a click on it opens "
        "“New quick add”, filled in from the page being looked at.",
    )
    parser.add_argument("org", help="https://YOUR-ORG.lightning.force.com")
    options = parser.parse_args(arguments)
    try:
        print(link(options.org))
    except ValueError as wrong:
        print(wrong, file=sys.stderr)
        return 2
    return 0
