"""The layer rule: who may import whom, read from the source, so that a slip fails here and not in a review."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCAL_ONLY = ("integration.local", "integration.bench", "integration.demo")
SHARED = (
    "integration.model",
    "integration.ports",
    "integration.records",
    "integration.errors",
    "integration.soql",
    "integration.log",
)
COMPOSITION = ("integration.app", "integration.config", "integration.cli")


@cache
def modules() -> list[str]:
    paths = [*ROOT.glob("integration/**/*.py"), *ROOT.glob("lambdas/**/*.py")]
    return sorted(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in paths)


@cache
def source(module: str) -> ast.Module:
    path = ROOT / Path(*module.split("."))
    return ast.parse((path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text())


def _type_checking_lines(tree: ast.Module) -> set[int]:
    blocks = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}
    ]
    return {line for block in blocks for line in range(block.lineno, (block.end_lineno or block.lineno) + 1)}


@cache
def imports(module: str) -> list[str]:
    """Every module imported at run time, wherever in the file."""
    return list(_imports(module))


def _imports(module: str) -> Iterator[str]:
    tree = source(module)
    typing_only = _type_checking_lines(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) and node.lineno not in typing_only:
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.lineno not in typing_only:
            assert node.level == 0, f"{module} line {node.lineno}: relative import"
            known = set(modules())
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in known else str(node.module)


def within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


def ours(module: str) -> list[str]:
    return [name for name in imports(module) if within(name, ("integration", "lambdas"))]


def outside(module: str) -> set[str]:
    roots = {name.split(".")[0] for name in imports(module)}
    return {name for name in roots if name not in sys.stdlib_module_names and name not in {"integration", "lambdas"}}


def of(*packages: str) -> list[str]:
    return [module for module in modules() if within(module, packages)]


def use_cases() -> list[str]:
    others = (*SHARED, *COMPOSITION, *LOCAL_ONLY, "integration.adapters", "integration.metadata")
    return [module for module in of("integration") if module != "integration" and not within(module, others)]


@pytest.mark.parametrize("module", of("integration.model"))
def test_rules_use_the_standard_library_only(module):
    assert outside(module) == set()
    assert all(within(name, ("integration.model",)) for name in ours(module))


@pytest.mark.parametrize("module", of(*SHARED[1:]))
def test_shared_words_know_no_layer_above(module):
    assert all(within(name, SHARED) for name in ours(module))


@pytest.mark.parametrize("module", use_cases())
def test_use_cases_never_import_adapters_or_handlers(module):
    forbidden = ("integration.adapters", "integration.metadata", "lambdas", *COMPOSITION, *LOCAL_ONLY)
    assert [name for name in ours(module) if within(name, forbidden)] == []


@pytest.mark.parametrize("module", of("integration.adapters"))
def test_adapters_know_only_ports_and_words(module):
    assert all(within(name, (*SHARED, "integration.adapters")) for name in ours(module))


@pytest.mark.parametrize("module", of("lambdas"))
def test_handlers_call_use_cases_not_adapters(module):
    forbidden = ("integration.metadata", *LOCAL_ONLY)
    assert [name for name in ours(module) if within(name, forbidden)] == []


@pytest.mark.parametrize("module", [m for m in of("integration", "lambdas") if not within(m, LOCAL_ONLY)])
def test_nothing_deployed_imports_the_local_stack(module):
    if module != "integration.cli":
        assert [name for name in ours(module) if within(name, LOCAL_ONLY)] == []


@pytest.mark.parametrize("module", [m for m in of("integration", "lambdas") if not within(m, LOCAL_ONLY)])
def test_sdks_stay_in_adapters(module):
    sdks = outside(module) & {"boto3", "botocore", "simple_salesforce", "requests"}
    assert not sdks or within(module, ("integration.adapters",))
    assert "flask" not in outside(module) or within(module, ("lambdas.site",))


@pytest.mark.parametrize("module", [m for m in of("integration", "lambdas") if not within(m, LOCAL_ONLY)])
def test_only_settings_read_the_environment_and_only_the_clock_the_time(module):
    text = ast.unparse(source(module))
    if module not in {"integration.config"} and not within(module, ("integration.metadata",)):
        assert "os.environ" not in text
        assert "os.getenv" not in text
    if not within(module, ("integration.adapters", "integration.metadata")):
        assert not {"datetime.now(", "datetime.utcnow(", "time.time(", "date.today("} & {
            needle
            for needle in ("datetime.now(", "datetime.utcnow(", "time.time(", "date.today(")
            if needle in text.replace("clock.now(", "")
        }


@pytest.mark.parametrize("path", sorted(ROOT.glob("[il][na]*/**/*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_has_one_subject(path):
    assert len(path.read_text().splitlines()) <= 400


def test_names_say_what_a_module_is():
    vague = {"utils", "helpers", "common", "manager", "base", "misc"}
    assert not [module for module in modules() if vague & set(module.split("."))]
