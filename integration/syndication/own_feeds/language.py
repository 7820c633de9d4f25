"""The part of Jinja that a feed template may use, and no more.

One loop over the jobs, conditions, words of a job, a few filters: no calls, arithmetic or nested loops, so time and
output are bounded by template × jobs. The sandbox and the limits of the child process stand behind this.
"""

from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from integration.model.feed import Entry
from integration.model.feed.writing import without_illegal
from integration.model.posting import plain

LONGEST = 32_768
JOB_WORDS = frozenset(Entry._fields) - {"apply_at"}
FEED_WORDS = frozenset({"publisher", "publisher_url", "feed_url"})
LOOP_WORDS = frozenset({"first", "last", "index"})
_PLAIN = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand,
    nodes.And, nodes.Or, nodes.Not, nodes.Concat,
)  # fmt: skip
_LONGEST_FORM = 40


def engine() -> ImmutableSandboxedEnvironment:
    """Everything is escaped for XML, unless it says `cdata`."""
    made = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    kept = {name: made.filters[name] for name in ("upper", "lower", "trim", "default", "replace")}
    made.filters = {**kept, "cdata": _cdata, "date": _date, "plain": _plain_text, "short": _short}
    made.tests = {}
    made.globals = {}
    return made


def _cdata(value: str) -> Markup:
    return Markup("<![CDATA[" + str(value).replace("]]>", "]]]]><![CDATA[>") + "]]>")  # noqa: S704


def _date(value: str, form: str) -> str:
    """A day in the board's form, such as %d.%m.%Y."""
    return date.fromisoformat(str(value)[:10]).strftime(form[:_LONGEST_FORM]) if value else ""


def _plain_text(value: str) -> str:
    return plain(str(value))


def _short(value: str, length: int) -> str:
    return str(value)[: max(0, int(length))]


def cleaned(text: str) -> str:
    """Without what XML cannot hold."""
    return without_illegal(text).decode()


def check(source: str) -> list[str]:
    """What a template says that it may not, in plain words with its line; empty for a good one."""
    if len(source) > LONGEST:
        return [f"The template has {len(source):,} characters of at most {LONGEST:,}. Shorten it."]
    try:
        tree = engine().parse(source)
        return list(dict.fromkeys(f"Line {line}: {text}" for line, text in _forbidden(tree, frozenset())))
    except TemplateSyntaxError as error:
        return [f"Line {error.lineno}: {error.message or 'this is no template'}."]
    except RecursionError:
        return ["The template is nested too deeply. Use fewer blocks inside each other."]


def _forbidden(node: nodes.Node, loops: frozenset[str]) -> Iterator[tuple[int, str]]:
    if isinstance(node, nodes.For):
        yield from _loop(node, loops)
        return
    if isinstance(node, nodes.Name):
        if node.name not in FEED_WORDS:
            yield node.lineno, _unknown(node.name, FEED_WORDS | loops)
    elif isinstance(node, nodes.Getattr):
        yield from _attribute(node, loops)
        return
    elif isinstance(node, nodes.Filter):
        yield from _filter(node, loops)
        return
    elif isinstance(node, nodes.Const):
        if not isinstance(node.value, str | int | bool):
            yield node.lineno, "only texts and whole numbers may stand here."
    elif not isinstance(node, _PLAIN):
        yield getattr(node, "lineno", 0), f"“{type(node).__name__.lower()}” is not allowed in a feed template."
        return
    for child in node.iter_child_nodes():
        yield from _forbidden(child, loops)


def _loop(node: nodes.For, loops: frozenset[str]) -> Iterator[tuple[int, str]]:
    is_plain = isinstance(node.iter, nodes.Name) and node.iter.name == "jobs" and isinstance(node.target, nodes.Name)
    if not is_plain or loops or node.recursive or node.test is not None:
        yield node.lineno, "the only loop is {% for job in jobs %}, once inside none."
        return
    assert isinstance(node.target, nodes.Name)  # noqa: S101 (for the type checker: is_plain says so)
    for child in (*node.body, *node.else_):
        yield from _forbidden(child, frozenset({node.target.name, "loop"}))


def _attribute(node: nodes.Getattr, loops: frozenset[str]) -> Iterator[tuple[int, str]]:
    owner = node.node.name if isinstance(node.node, nodes.Name) else ""
    known = LOOP_WORDS if owner == "loop" else JOB_WORDS
    if owner not in loops:
        yield node.lineno, "words of a job may stand only inside {% for job in jobs %}."
    elif node.attr not in known:
        yield node.lineno, _unknown(node.attr, known)


def _filter(node: nodes.Filter, loops: frozenset[str]) -> Iterator[tuple[int, str]]:
    filters = engine().filters
    if node.name not in filters:
        yield node.lineno, _unknown(node.name, frozenset(filters))
    if node.kwargs or node.dyn_args or node.dyn_kwargs:
        yield node.lineno, f"the filter {node.name} takes plain arguments only."
    if node.name == "replace" and not _is_short_replace(node):
        yield node.lineno, "replace takes two texts, the second no longer than 20 characters."
    for child in (node.node, *node.args):
        if child is not None:
            yield from _forbidden(child, loops)


def _is_short_replace(node: nodes.Filter) -> bool:
    texts = [arg.value for arg in node.args if isinstance(arg, nodes.Const) and isinstance(arg.value, str)]
    return len(texts) == len(node.args) == 2 and len(texts[0]) > 0 and len(texts[1]) <= 20


def _unknown(name: str, known: frozenset[str]) -> str:
    near = get_close_matches(name, known, n=1)
    hint = f" Did you mean “{near[0]}”?" if near else f" Known are {', '.join(sorted(known))}."
    return f"“{name[:40]}” is not known here.{hint}"
