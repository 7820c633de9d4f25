"""QR codes (ISO/IEC 18004) as SVG: bytes, error correction M, so that a printed code may lose an eighth of itself."""

from integration.model.qr.codewords import MOST_BYTES, codewords_of
from integration.model.qr.matrix import Matrix, matrix_of

QUIET = 4
"""Light modules around the code, as the standard asks."""

__all__ = ["MOST_BYTES", "Matrix", "code", "svg"]


def code(text: str) -> Matrix:
    """The modules of a code, True is dark. Raises ValueError when the text is longer than MOST_BYTES."""
    version, words = codewords_of(text.encode())
    return matrix_of(version, words)


def svg(text: str, *, title: str = "") -> str:
    """The code as one SVG path, one unit a module, black on white whatever stands behind it."""
    modules = code(text)
    side = len(modules) + 2 * QUIET
    runs = "".join(
        f"M{start + QUIET},{row + QUIET}h{length}v1h-{length}z"
        for row, line in enumerate(modules)
        for start, length in _runs(line)
    )
    name = f"<title>{_escaped(title)}</title>" if title else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges" role="img">'
        f'{name}<rect width="{side}" height="{side}" fill="#fff"/><path d="{runs}" fill="#000"/></svg>\n'
    )


def _runs(line: list[bool]) -> list[tuple[int, int]]:
    """(start, length) of each stretch of dark modules."""
    runs: list[tuple[int, int]] = []
    for at, dark in enumerate(line):
        if dark and runs and sum(runs[-1]) == at:
            runs[-1] = runs[-1][0], runs[-1][1] + 1
        elif dark:
            runs.append((at, 1))
    return runs


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
