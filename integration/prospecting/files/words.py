"""Lists of words that stand beside the code."""

from importlib.resources import files


def lines_in(name: str) -> list[str]:
    """The lines of a list that are neither empty nor comments."""
    text = files("integration.prospecting.files").joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def words_in(name: str) -> frozenset[str]:
    """Every word of a list."""
    return frozenset(word for line in lines_in(name) for word in line.split())
