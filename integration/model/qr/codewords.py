"""From bytes to the codewords of a QR code: header, padding, Reed-Solomon, interleaving."""

_BLOCKS = {
    # version: (error codewords a block, ((blocks, data codewords), …)), error correction M
    1: (10, ((1, 16),)),
    2: (16, ((1, 28),)),
    3: (26, ((1, 44),)),
    4: (18, ((2, 32),)),
    5: (24, ((2, 43),)),
    6: (16, ((4, 27),)),
    7: (18, ((4, 31),)),
    8: (22, ((2, 38), (2, 39))),
    9: (22, ((3, 36), (2, 37))),
    10: (26, ((4, 43), (1, 44))),
    11: (30, ((1, 50), (4, 51))),
    12: (22, ((6, 36), (2, 37))),
    13: (22, ((8, 37), (1, 38))),
    14: (24, ((4, 40), (5, 41))),
    15: (24, ((5, 41), (5, 42))),
}
_BYTE_MODE = 0b0100
_PADDING = (0xEC, 0x11)


def _capacity(version: int) -> int:
    return sum(blocks * size for blocks, size in _BLOCKS[version][1])


def _length_bits(version: int) -> int:
    return 8 if version < 10 else 16


def _room(version: int) -> int:
    return (_capacity(version) * 8 - 4 - _length_bits(version)) // 8


MOST_BYTES = _room(max(_BLOCKS))


def codewords_of(data: bytes) -> tuple[int, list[int]]:
    """(version, all codewords in their order); the smallest version that holds the data."""
    version = next((each for each in _BLOCKS if len(data) <= _room(each)), 0)
    if not version:
        raise ValueError(f"a QR code holds {MOST_BYTES} bytes here, not {len(data)}")
    return version, _interleaved(version, _padded(version, data))


def _padded(version: int, data: bytes) -> list[int]:
    bits = f"{_BYTE_MODE:04b}{len(data):0{_length_bits(version)}b}" + "".join(f"{byte:08b}" for byte in data)
    size = _capacity(version) * 8
    bits += "0" * min(4, size - len(bits))
    bits += "0" * (-len(bits) % 8)
    words = [int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)]
    return words + [_PADDING[number % 2] for number in range(_capacity(version) - len(words))]


def _interleaved(version: int, words: list[int]) -> list[int]:
    correction, groups = _BLOCKS[version]
    blocks, at = [], 0
    for count, size in groups:
        for _ in range(count):
            blocks.append(words[at : at + size])
            at += size
    generator = _generator(correction)
    checks = [_remainder(block, generator) for block in blocks]
    longest = max(map(len, blocks))
    mixed = [block[row] for row in range(longest) for block in blocks if row < len(block)]
    return mixed + [check[row] for row in range(correction) for check in checks]


# The field of 256 elements over x^8 + x^4 + x^3 + x^2 + 1.
_POWERS = [1]
while len(_POWERS) < 255:
    _NEXT = _POWERS[-1] << 1
    _POWERS.append(_NEXT ^ 0x11D if _NEXT & 0x100 else _NEXT)
_LOGARITHMS = {power: exponent for exponent, power in enumerate(_POWERS)}


def _times(one: int, other: int) -> int:
    return _POWERS[(_LOGARITHMS[one] + _LOGARITHMS[other]) % 255] if one and other else 0


def _generator(degree: int) -> list[int]:
    """The product of (x - 2^i) for i below the degree, without its leading one."""
    factors = [1]
    for exponent in range(degree):
        shifted = [*factors, 0]
        for at, factor in enumerate(factors):
            shifted[at + 1] ^= _times(factor, _POWERS[exponent])
        factors = shifted
    return factors[1:]


def _remainder(data: list[int], generator: list[int]) -> list[int]:
    rest = [0] * len(generator)
    for word in data:
        factor = word ^ rest[0]
        rest = [*rest[1:], 0]
        rest = [each ^ _times(term, factor) for each, term in zip(rest, generator, strict=True)]
    return rest
