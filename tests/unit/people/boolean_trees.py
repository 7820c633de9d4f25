"""Arbitrary queries and documents for tests of the Boolean language."""

from hypothesis import strategies as st

from integration.model.boolean_query import FIELDS, In, Near, Words, both, either, without

VOCABULARY = [
    "java", "kotlin", "engineer", "engineers", "senior", "lead", "c", "c++", "c#", ".net", "net", "node.js", "js", "r",
    "r&d", "d", "o'brien", "brien", "zoë", "zoe", "müller", "front-end", "end", "dublin", "ireland", "ie", "cork",
    "python3", "工程师", "程",
]  # fmt: skip
PATTERNS = ["eng*", "java*", "z?e", "en?ineer", "k*n", "m?ller"]
PHRASES = ["senior java engineer", "java engineer", "engineer java", "lead * engineer", "r & d", "java eng*"]

words = st.sampled_from([*VOCABULARY, *PATTERNS, *PHRASES]).map(Words.of)
nears = st.builds(Near, words, words, st.integers(1, 12), st.booleans())


def _grown(inner):
    several = st.lists(inner, min_size=2, max_size=3)
    return st.one_of(several.map(both), several.map(either), inner.map(without))


def _leaves(fields):
    plain = st.recursive(st.one_of(words, words, nears), _grown, max_leaves=3)
    # A bare code of a country is read by its name after country:, so the trees have none there.
    fielded = st.builds(In, st.sampled_from(fields), plain.filter(lambda node: "ie" not in str(node)))
    return st.one_of(words, words, nears, fielded)


def trees(fields=tuple(FIELDS)):
    return st.recursive(_leaves(list(fields)), _grown, max_leaves=5)


def texts(vocabulary=None):
    """A few words with what stands between words in real texts."""
    separators = st.sampled_from([" ", " ", " ", ", ", "-", "/", ". ", "."])
    pieces = st.tuples(st.sampled_from(vocabulary or VOCABULARY), separators).map("".join)
    return st.lists(pieces, max_size=6).map("".join)


def documents(fields, vocabulary=None):
    return st.fixed_dictionaries({}, optional={name: texts(vocabulary) for name in fields})
