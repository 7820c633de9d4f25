"""Letters as outside engines fold them; written apart from the product's own folding."""

import re
import unicodedata

_OTHERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ß": "ss"})


def bare(text):
    apart = unicodedata.normalize("NFD", text.lower())
    return "".join(each for each in apart if not unicodedata.combining(each)).translate(_OTHERS)


def tokens(text, pattern=r"\w+(?:[.'’](?=[^\W\d_])\w+)*"):
    """Words as Unicode's rules cut them: node.js and O'Brien are one, each Chinese character stands alone."""
    return re.findall(rf"[\u3040-\u30ff\u4e00-\u9fff]|{pattern}", bare(text))


def slop_needed(words, tokens_of_text):
    """The least slop at which a sloppy phrase matches, as Lucene counts moves; None when a word is missing."""
    places = [[at for at, token in enumerate(tokens_of_text) if token == word] for word in words]
    best = None

    def place(number, chosen):
        nonlocal best
        if number == len(words):
            moved = [at - offset for offset, at in enumerate(chosen)]
            spread = max(moved) - min(moved)
            best = spread if best is None else min(best, spread)
            return
        for at in places[number]:
            if at not in chosen:
                place(number + 1, [*chosen, at])

    place(0, [])
    return best
