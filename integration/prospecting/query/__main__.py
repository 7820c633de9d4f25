"""`warmbench query`: shows how a Boolean query is read and what each source is asked, without asking any."""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from integration.model.boolean_query import FIELDS, Query
from integration.model.vocabulary import SearchSource
from integration.prospecting.query import BadQuery, Unaskable, links, parse, translate


def main(arguments: Sequence[str]) -> int:
    given = _options(arguments)
    if given.fields:
        print("\n".join(f"{name + ':':<12}{purpose}" for name, purpose in FIELDS.items()))
        return 0
    try:
        query = parse(given.query)
    except BadQuery as fault:
        print(fault.shown, file=sys.stderr)
        return 2
    if given.json:
        print(json.dumps(as_json(query, given.source), ensure_ascii=False, indent=2))
        return 0
    print("\n".join(_lines(query, given.source)))
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="warmbench query", description=__doc__)
    parser.add_argument("query", nargs="?", default="", help="such as: title:engineer AND (java OR kotlin) -junior")
    parser.add_argument("--source", action="append", choices=[*SearchSource], help="only this source; may be repeated")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument("--fields", action="store_true", help="list the fields that a query may name")
    return parser.parse_args(arguments)


def _lines(query: Query, sources: Sequence[str] | None) -> list[str]:
    told = as_json(query, sources)
    lines = [f"Read as:  {told['in_words']}", f"Written:  {told['canonical']}"]
    lines += [f"Note:     {note}" for note in query.notes]
    for source, asked in told["sources"].items():
        lines += ["", source]
        lines += (
            [f"  not asked: {asked['refused']}"]
            if "refused" in asked
            else [f"  asks:  {asked['query'] or '(everybody)'}"]
        )
        lines += [f"  {name}:  {value}" for name, value in asked.get("parameters", {}).items()]
        lines += [f"  - {loss}" for loss in asked.get("losses", [])] or (
            [] if "refused" in asked else ["  - exact: the source means the same by it"]
        )
    if not sources:
        for link in told["links"]:
            lines += ["", f"{link['engine']} link", f"  {link['url']}", *(f"  - {loss}" for loss in link["losses"])]
    return lines


def as_json(query: Query, sources: Sequence[str] | None) -> dict[str, Any]:
    return {
        "in_words": query.in_words,
        "canonical": query.canonical,
        "notes": list(query.notes),
        "sources": {source: _asked(query, source) for source in sources or SearchSource},
        "links": [{"engine": each.engine, "url": each.url, "losses": list(each.losses)} for each in links(query)],
    }


def _asked(query: Query, source: str) -> dict[str, Any]:
    try:
        translation = translate(query, source)
    except Unaskable as fault:
        return {"refused": fault.message}
    return {
        "query": translation.query,
        "parameters": dict(translation.parameters),
        "losses": list(translation.losses),
        "is_exact": translation.is_exact,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
