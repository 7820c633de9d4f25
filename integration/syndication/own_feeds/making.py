"""Renders a feed template apart from us, and reads the result before anybody else does."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from tempfile import TemporaryFile
from typing import IO
from xml.parsers import expat

from integration.model.feed import Entry
from integration.syndication.own_feeds.child import TOO_LARGE
from integration.syndication.own_feeds.language import check

SECONDS = 90
_WORD = re.compile(r"[a-z0-9-]{3,}", re.ASCII)


def make(template: str, words: Mapping[str, str], entries: Iterable[Entry], file: IO[bytes]) -> list[str]:
    """Writes the feed to the file; what is wrong with it, in plain words, empty when it may go out."""
    if found := check(template):
        return found
    references: set[str] = set()
    with TemporaryFile() as jobs:
        jobs.write(_line({"template": template, "words": dict(words)}))
        for entry in entries:
            references.add(entry.reference)
            jobs.write(_line(entry._asdict()))
        jobs.seek(0)
        if fault := _rendered(jobs, file):
            return [fault]
    file.seek(0)
    return _read_back(file, references)


def _line(value: Mapping[str, object]) -> bytes:
    return json.dumps(value).encode() + b"\n"


def _rendered(jobs: IO[bytes], file: IO[bytes]) -> str:
    """What stopped the child, empty when nothing did."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "integration.syndication.own_feeds.child"],
            stdin=jobs,
            stdout=file,
            stderr=subprocess.PIPE,
            timeout=SECONDS,
            # Not our environment: a template must not be able to read credentials even if it got out of the sandbox.
            env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONDONTWRITEBYTECODE": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "The template takes too long. Make it simpler."
    told = done.stderr.decode(errors="replace")
    if done.returncode == 0:
        return ""
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return "The template takes too long. Make it simpler."
    if done.returncode == TOO_LARGE or "MemoryError" in told:
        return "The feed becomes too large. Write less for each job."
    reason = told.strip().rpartition("\n")[2].partition(": ")[2][:200]
    return f"The template cannot be rendered: {reason or 'it stops'}."


class _DoctypeFound(Exception):
    pass


def _read_back(file: IO[bytes], references: set[str]) -> list[str]:
    """Well-formed, without a document type, and with every job in it."""
    missing = set(references)

    def seen(text: str) -> None:
        if missing:
            missing.difference_update(_WORD.findall(text))

    def opened(name: str, attributes: dict[str, str]) -> None:
        for value in attributes.values():
            seen(value)

    def doctype(*_: object) -> None:
        raise _DoctypeFound

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.CharacterDataHandler = seen
    parser.StartElementHandler = opened
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.ParseFile(file)
    except _DoctypeFound:
        return ["The feed must not declare a document type (<!DOCTYPE …>). Leave it out."]
    except expat.ExpatError as fault:
        what = expat.ErrorString(fault.code)
        return [f"The feed it makes is not well-formed XML: {what} in line {fault.lineno}, column {fault.offset}."]
    if missing:
        return [
            f"{len(missing)} of {len(references)} jobs are missing from the feed it makes, such as {min(missing)}. "
            "Write {{ job.reference }} for each job, and leave none out."
        ]
    return []
