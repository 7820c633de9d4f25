"""Text in Latin letters without case or accents, so that the spellings of one word meet."""

import re
import unicodedata
from functools import lru_cache

_LETTERS = {
    "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŋ": "n",
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "ё": "e", "є": "ye", "ж": "zh", "з": "z",
    "и": "i", "і": "i", "ї": "yi", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ў": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch",
    "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya", "ђ": "dj", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c",
    "џ": "dz", "ѓ": "g", "ќ": "k", "ѕ": "dz",
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l",
    "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "y", "φ": "f",
    "χ": "ch", "ψ": "ps", "ω": "o",
}  # fmt: skip
_TABLE = str.maketrans(_LETTERS)
_APOSTROPHES = str.maketrans("", "", "'’‘`´ʼʹʻ\u200b\u200c\u200d\u00ad\ufeff")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=200_000)
def words(text: str) -> tuple[str, ...]:
    """The words and numbers of a text. O'Brien is one word; a hyphen parts two."""
    plain = text.casefold()
    if plain.isascii():
        return tuple(_ASCII_WORD.findall(plain.replace("'", "").replace("`", "")))
    plain = unicodedata.normalize("NFKC", plain).translate(_APOSTROPHES).casefold().translate(_TABLE)
    parted = unicodedata.normalize("NFKD", plain)
    return tuple(_WORD.findall("".join(c for c in parted if not "\u0300" <= c <= "\u036f").translate(_TABLE)))


_SOUNDS = (
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile(r"sch|tsch|tch|shch|sh|cz|cs|ch|zh"), "c"),
    (re.compile(r"ph|pf"), "f"),
    (re.compile(r"ck|q|x|kh"), "k"),
    (re.compile(r"th|dt"), "t"),
    (re.compile(r"wr"), "r"),
    (re.compile(r"gh|h"), ""),
    (re.compile(r"[wv]"), "v"),
    (re.compile(r"[zs]"), "s"),
    (re.compile(r"^c(?=[aoulrk])"), "k"),
    (re.compile(r"[jy]"), "i"),
)
_VOWELS = re.compile(r"(?<!^)[aeiou]+")


@lru_cache(maxsize=200_000)
def sound(word: str) -> str:
    """The consonants as they sound in most of Europe's languages: Meyer and Maier, Schmidt and Schmitt meet."""
    for pattern, letter in _SOUNDS:
        word = pattern.sub(letter, word)
    word = _VOWELS.sub("", word)
    return "a" + word[1:] if word[:1] in "aeiou" else word


@lru_cache(maxsize=50_000)
def spelled_plain(word: str) -> str:
    """ue and u, ae and a, ks and x, y and i, doubled letters: spellings of one sound made one."""
    for pattern, letter in _SPELLINGS:
        word = pattern.sub(letter, word)
    return word


_SPELLINGS = (
    (re.compile(r"([aou])e"), r"\1"),
    (re.compile(r"kh"), "h"),
    (re.compile(r"ks"), "x"),
    (re.compile(r"(iy|ij|yi|ii|yy|y|j)"), "i"),
    (re.compile(r"(.)\1"), r"\1"),
)
