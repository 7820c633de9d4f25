"""From codewords to the modules of a QR code: patterns, placement, and the mask that scanners read best."""

from collections.abc import Callable, Iterator

Matrix = list[list[bool]]
"""Rows of modules, True is dark."""

_ALIGNMENT = {
    1: (), 2: (6, 18), 3: (6, 22), 4: (6, 26), 5: (6, 30), 6: (6, 34), 7: (6, 22, 38), 8: (6, 24, 42), 9: (6, 26, 46),
    10: (6, 28, 50), 11: (6, 30, 54), 12: (6, 32, 58), 13: (6, 34, 62), 14: (6, 26, 46, 66), 15: (6, 26, 48, 70),
}  # fmt: skip
_MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda row, column: (row + column) % 2 == 0,
    lambda row, column: row % 2 == 0,
    lambda row, column: column % 3 == 0,
    lambda row, column: (row + column) % 3 == 0,
    lambda row, column: (row // 2 + column // 3) % 2 == 0,
    lambda row, column: row * column % 2 + row * column % 3 == 0,
    lambda row, column: (row * column % 2 + row * column % 3) % 2 == 0,
    lambda row, column: ((row + column) % 2 + row * column % 3) % 2 == 0,
)
_LEVEL_M = 0b00
_FINDER = "10111010000", "00001011101"


def matrix_of(version: int, words: list[int]) -> Matrix:
    """The whole code under its best mask."""
    size = 17 + 4 * version
    fixed: list[list[bool | None]] = [[None] * size for _ in range(size)]
    _draw_patterns(fixed, version)
    path = list(_path(fixed))
    bits = [bool(word >> bit & 1) for word in words for bit in range(7, -1, -1)]
    bits += [False] * (len(path) - len(bits))
    masked = (_masked(fixed, path, bits, number) for number in range(len(_MASKS)))
    return min(masked, key=_penalty)


def _masked(fixed: list[list[bool | None]], path: list[tuple[int, int]], bits: list[bool], number: int) -> Matrix:
    drawn: Matrix = [[bool(module) for module in row] for row in fixed]
    for (row, column), bit in zip(path, bits, strict=True):
        drawn[row][column] = bit ^ _MASKS[number](row, column)
    _draw_format(drawn, number)
    return drawn


def _draw_patterns(fixed: list[list[bool | None]], version: int) -> None:
    size = len(fixed)
    for top, left in ((0, 0), (0, size - 7), (size - 7, 0)):
        for row in range(max(0, top - 1), min(size, top + 8)):
            for column in range(max(0, left - 1), min(size, left + 8)):
                fixed[row][column] = _ring(row - top - 3, column - left - 3) not in (2, 4)
    for row in _ALIGNMENT[version]:
        for column in _ALIGNMENT[version]:
            if fixed[row][column] is None:
                _draw_alignment(fixed, row, column)
    for at in range(8, size - 8):
        for row, column in ((6, at), (at, 6)):
            if fixed[row][column] is None:
                fixed[row][column] = at % 2 == 0
    for at in range(9):  # kept free for the format
        for row, column in ((8, at), (at, 8)):
            if fixed[row][column] is None:
                fixed[row][column] = False
    for at in range(size - 8, size):
        fixed[8][at] = fixed[at][8] = False
    fixed[size - 8][8] = True
    if version >= 7:
        _draw_version(fixed, version)


def _ring(row: int, column: int) -> int:
    return max(abs(row), abs(column))


def _draw_alignment(fixed: list[list[bool | None]], row: int, column: int) -> None:
    for down in range(-2, 3):
        for right in range(-2, 3):
            fixed[row + down][column + right] = _ring(down, right) != 1


def _draw_version(fixed: list[list[bool | None]], version: int) -> None:
    bits = version << 12 | _bch(version, 12, 0x1F25)
    for bit in range(18):
        near, far = bit // 3, len(fixed) - 11 + bit % 3
        fixed[near][far] = fixed[far][near] = bool(bits >> bit & 1)


def _draw_format(drawn: Matrix, mask: int) -> None:
    data = _LEVEL_M << 3 | mask
    bits = (data << 10 | _bch(data, 10, 0x537)) ^ 0x5412
    size = len(drawn)
    column = [(row, 8) for row in (0, 1, 2, 3, 4, 5, 7, 8, *range(size - 7, size))]
    row = [(8, at) for at in (*range(size - 1, size - 9, -1), 7, 5, 4, 3, 2, 1, 0)]
    for places in (column, row):
        for bit, (down, right) in enumerate(places):
            drawn[down][right] = bool(bits >> bit & 1)


def _bch(data: int, degree: int, polynomial: int) -> int:
    rest = data << degree
    while rest.bit_length() > degree:
        rest ^= polynomial << (rest.bit_length() - degree - 1)
    return rest


def _path(fixed: list[list[bool | None]]) -> Iterator[tuple[int, int]]:
    """The free modules in the order of the bits: two columns at a time, up and down, from the right."""
    size = len(fixed)
    upwards = True
    for right in [*range(size - 1, 6, -2), *range(5, 0, -2)]:
        for row in range(size - 1, -1, -1) if upwards else range(size):
            for column in (right, right - 1):
                if fixed[row][column] is None:
                    yield row, column
        upwards = not upwards


def _penalty(drawn: Matrix) -> int:
    """How hard it is to read, by the four rules of the standard."""
    lines = ["".join("01"[module] for module in row) for row in drawn]
    lines += ["".join(column) for column in zip(*lines, strict=True)]
    total = sum(_run_penalty(line) for line in lines)
    total += sum(40 for line in lines for at in range(len(line) - 10) if line[at : at + 11] in _FINDER)
    size = len(drawn)
    total += 3 * sum(
        drawn[row][column] == drawn[row][column + 1] == drawn[row + 1][column] == drawn[row + 1][column + 1]
        for row in range(size - 1)
        for column in range(size - 1)
    )
    dark = sum(map(sum, drawn)) * 100 / size**2
    return total + 10 * int(abs(dark - 50) / 5)


def _run_penalty(line: str) -> int:
    total, length = 0, 0
    for at, module in enumerate(line):
        length = length + 1 if at and module == line[at - 1] else 1
        total += 3 if length == 5 else 1 if length > 5 else 0
    return total
