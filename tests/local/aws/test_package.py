"""What is deployed: complete, without what stays here, and the same for the same sources."""

import io
import os
import subprocess
import sys
import tomllib
import zipfile

import pytest
from packaging.requirements import Requirement

from integration.local import package
from integration.local.places import ROOT

pytestmark = pytest.mark.slow

HANDLERS = sorted(
    {path.stem for path in (ROOT / "lambdas").glob("[!_]*.py")}
    | {path.parent.name for path in (ROOT / "lambdas").glob("[!_]*/__init__.py")}
)


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """A folder as Lambda sees it: our code and the dependencies, nothing else."""
    target = package.platform("local")
    folder = tmp_path_factory.mktemp("package")
    path = folder / "warmbench.zip"
    package.full_zip(target, path)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder / "task")
    return folder / "task"


@pytest.mark.parametrize("name", HANDLERS)
def test_a_handler_imports_in_a_bare_interpreter(unpacked, name):
    """-I and -S: no site-packages, no variables, no current folder."""
    program = f"import sys; sys.path.insert(0, {str(unpacked)!r}); from lambdas.{name} import handler; assert handler"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, cwd="/", env={"STAGE": "local"}
    )
    assert done.returncode == 0, done.stderr


def test_the_tracker_waits_for_no_sdk(unpacked):
    program = (
        f"import sys; sys.path.insert(0, {str(unpacked)!r}); import lambdas.track;"
        "print([name for name in ('boto3', 'botocore', 'flask', 'requests') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, cwd="/")
    assert done.stdout == "[]\n"


def test_the_local_stack_is_not_deployed():
    names = {str(path.relative_to(ROOT)) for path in package.sources()}
    assert not {name for name in names if name.startswith(package.NOT_DEPLOYED)}
    assert {"lambdas/track.py", "integration/app.py"} <= names
    assert any(name.startswith("templates/") for name in names)


def test_the_same_sources_make_the_same_zip():
    target = package.platform("local")
    assert package.code_zip(target) == package.code_zip(target)


def test_code_starts_from_bytecode():
    with zipfile.ZipFile(io.BytesIO(package.code_zip(package.platform("local")))) as archive:
        compiled = [name for name in archive.namelist() if name.endswith(".pyc")]
        flags = int.from_bytes(archive.read(compiled[0])[4:8], "little")
    assert flags == 0b01  # by hash, unchecked: unpacking gives the source a new date


def test_every_dependency_is_packaged_as_the_project_asks():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = [line for line in package.REQUIREMENTS.read_text().splitlines() if not line.startswith("#")]
    pins = {name.lower(): version for name, version in (line.split("==") for line in lines)}
    for text in project["dependencies"]:
        wanted = Requirement(text)
        assert wanted.specifier.contains(pins[wanted.name.lower()]), f"run: warmbench package --lock ({text})"


@pytest.mark.slow
def test_the_arm_package_fits_lambda(tmp_path, capsys):
    assert package.main(["--out", str(tmp_path)]) == 0
    path = tmp_path / "warmbench-arm64.zip"
    with zipfile.ZipFile(path) as archive:
        libraries = [name for name in archive.namelist() if name.endswith(".so")]
        machines = {archive.read(name)[18:20] for name in libraries}
    assert machines == {b"\xb7\x00"}  # ELF's number for aarch64
    assert "250 MB" in capsys.readouterr().out
    assert os.path.getsize(path) < package.LIMIT
