"""`warmbench package`: the zip that AWS Lambda runs, and its two halves for the local stack.

One zip holds our code and every dependency. Locally they are kept apart: the dependencies lie in one folder that all
functions share, so that a function starts from a small zip. Both halves are cached by what they are made of.
"""

import argparse
import compileall
import hashlib
import importlib.util
import io
import json
import py_compile
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from integration.local.places import PACKAGE, ROOT
from integration.local.tools import locked

REQUIREMENTS = ROOT / "lambdas/requirements.txt"
LIMIT = 250 * 2**20
"""What Lambda unpacks at most."""
RUNTIME = "3.12"
"""The Python of serverless.yml; the local stack runs the project's own minor instead."""
CODE = ("integration", "lambdas", "templates")
NOT_DEPLOYED = ("integration/local", "integration/bench", "integration/metadata", "integration/cli.py")
NOT_DEPLOYED_DEPENDENCIES = ("*.dist-info/RECORD", "bin/*", "*/tests/*", "*.pyx", "*.pxd")
_EPOCH = (2020, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Platform:
    """Where the wheels must run."""

    name: str
    python: str
    pip: tuple[str, ...]

    @property
    def is_ours(self) -> bool:
        """Bytecode is only worth shipping when the target's Python is the one that compiles it."""
        return self.python == _own_python()


def _own_python() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def platform(name: str) -> Platform:
    """`local` or `arm64`."""
    if name == "local":
        return Platform("local", _own_python(), ())
    options = ("--platform", "manylinux2014_aarch64", "--platform", "manylinux_2_28_aarch64", "--only-binary=:all:")
    return Platform("arm64", RUNTIME, (*options, "--implementation", "cp", "--python-version", RUNTIME))


def dependencies(target: Platform) -> Path:
    """The folder with the installed dependencies; made again only when lambdas/requirements.txt changes."""
    wanted = hashlib.sha256(f"{target}\n{REQUIREMENTS.read_text()}".encode()).hexdigest()[:16]
    folder = PACKAGE / f"deps-{target.name}-{wanted}"
    with locked(folder.name):
        if not folder.is_dir():
            _install(target, folder)
    return folder


def _install(target: Platform, folder: Path) -> None:
    made = sorted(PACKAGE.glob(f"deps-{target.name}-*"), key=lambda each: each.stat().st_mtime)
    for old in made[:-1]:  # the last one may be what a running stack works with
        shutil.rmtree(old)
    unfinished = PACKAGE / f"unfinished-{target.name}"
    shutil.rmtree(unfinished, ignore_errors=True)
    # Every pin is in the file, zappa without the two dozen packages that only its own deployer needs.
    _pip("install", "--no-deps", "--no-compile", "--target", str(unfinished), *target.pip, "-r", str(REQUIREMENTS))
    if target.is_ours:
        compileall.compile_dir(
            unfinished,
            quiet=2,
            stripdir=str(unfinished),
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )
    unfinished.rename(folder)


def code_zip(target: Platform) -> bytes:
    """Our own code, the same bytes for the same sources."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        _add_code(archive, target)
    return data.getvalue()


def full_zip(target: Platform, path: Path) -> None:
    """Code and dependencies in one file, as Lambda wants it."""
    folder = dependencies(target)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
        _add_code(archive, target)
        for file in sorted(folder.rglob("*")):
            name = file.relative_to(folder)
            if file.is_file() and not any(name.match(pattern) for pattern in NOT_DEPLOYED_DEPENDENCIES):
                _add(archive, str(name), file.read_bytes())
    unfinished.replace(path)


def sources() -> Iterator[Path]:
    """The files of ours that are deployed."""
    for top in CODE:
        for file in sorted((ROOT / top).rglob("*")):
            name = file.relative_to(ROOT)
            left_out = any(name.is_relative_to(other) for other in NOT_DEPLOYED)
            if file.is_file() and "__pycache__" not in name.parts and not left_out:
                yield file


def _add_code(archive: zipfile.ZipFile, target: Platform) -> None:
    for file in sources():
        name = file.relative_to(ROOT)
        _add(archive, str(name), file.read_bytes())
        if file.suffix == ".py" and target.is_ours:
            _add(archive, f"{name.parent}/__pycache__/{name.stem}.{sys.implementation.cache_tag}.pyc", _compiled(file))


def _compiled(file: Path) -> bytes:
    """Bytecode that is used unchecked: unpacking gives the source a new date. Compiled once per content."""
    target = PACKAGE / f"compiled/{file.relative_to(ROOT)}c"
    if target.exists() and target.read_bytes()[:16] == _header(file):
        return target.read_bytes()
    target.parent.mkdir(parents=True, exist_ok=True)
    py_compile.compile(
        str(file),
        cfile=str(target),
        dfile=str(file.relative_to(ROOT)),
        doraise=True,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    return target.read_bytes()


def _header(file: Path) -> bytes:
    """How bytecode of this file begins: Python's number, "by hash, unchecked", the source's hash."""
    return importlib.util.MAGIC_NUMBER + b"\x01\0\0\0" + importlib.util.source_hash(file.read_bytes())


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, data)


def lock() -> None:
    """Writes lambdas/requirements.txt anew: pyproject's dependencies with everything below them, pinned."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    direct = [line for line in project["dependencies"] if not line.startswith("zappa")]
    zappa = next(line for line in project["dependencies"] if line.startswith("zappa"))
    report = _pip("install", "--dry-run", "--ignore-installed", "--report", "-", *direct, "durationpy")
    installed = [item["metadata"] for item in json.loads(report)["install"]]
    pins = [f"{item['name'].lower()}=={item['version']}" for item in installed] + [zappa]
    heading = (
        "# Written by `warmbench package --lock` from pyproject.toml. zappa stands without its own dependencies:\n"
    )
    needs = "# of them zappa.wsgi needs only werkzeug, boto3 and durationpy.\n"
    REQUIREMENTS.write_text(heading + needs + "\n".join(sorted(pins)) + "\n")


def _pip(*arguments: str) -> str:
    command = [sys.executable, "-m", "pip", *arguments, "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(f"pip {arguments[0]} failed:\n{done.stderr[-2_000:]}")
    return done.stdout


def _unpacked_size(path: Path) -> int:
    with zipfile.ZipFile(path) as archive:
        return sum(entry.file_size for entry in archive.infolist())


def main(arguments: Sequence[str]) -> int:
    """Builds the zip and reports its sizes."""
    parser = argparse.ArgumentParser(prog="warmbench package", description="Build the zip that AWS Lambda runs.")
    parser.add_argument("--platform", choices=("arm64", "local"), default="arm64", help="where it will run")
    parser.add_argument("--out", type=Path, default=PACKAGE, help="folder for the zip (default: %(default)s)")
    parser.add_argument("--lock", action="store_true", help="first renew lambdas/requirements.txt from pyproject.toml")
    options = parser.parse_args(arguments)
    if options.lock:
        lock()
    path = options.out / f"warmbench-{options.platform}.zip"
    full_zip(platform(options.platform), path)
    unpacked = _unpacked_size(path)
    share = f"{unpacked / LIMIT:.0%} of the {LIMIT // 2**20} MB that Lambda takes"
    print(f"{path}: {path.stat().st_size / 2**20:.1f} MB, unpacked {unpacked / 2**20:.1f} MB ({share})")
    return 0 if unpacked <= LIMIT else 1
