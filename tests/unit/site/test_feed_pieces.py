"""A feed made from the one before: what is copied, what is rendered, and that both give the same bytes."""

from hypothesis import given
from hypothesis import strategies as st

from integration.model.feed.pieces import Piece, Rendered, compose, from_lines, to_line

HEAD, SEPARATOR = b"<head>", b","


def rendered(versions, asked):
    def render(ids):
        asked.extend(ids)
        return {each: Rendered(f"<{each}:{versions[each]}>".encode(), 1, "") for each in ids if versions[each]}

    return render


def written(composed):
    pieces, data = zip(*composed, strict=True) if composed else ((), ())
    return list(pieces), HEAD + SEPARATOR.join(each for each in data if each)


def chunks(data, size=7):
    return [data[start : start + size] for start in range(0, len(data), size)]


def made(versions, before=((), b""), asked=None):
    asked = [] if asked is None else asked
    wanted = [(key, f"v{version}" if version >= 0 else "") for key, version in versions.items()]
    return written(
        list(
            compose(
                wanted,
                before[0],
                chunks(before[1]),
                rendered(versions, asked),
                skip=len(HEAD),
                separator=len(SEPARATOR),
            )
        )
    )


VERSIONS = st.dictionaries(st.sampled_from("abcdefghij"), st.integers(-1, 3), max_size=8)


@given(VERSIONS, VERSIONS, st.booleans())
def test_a_feed_from_the_old_one_equals_a_feed_made_anew(first, second, sort):
    if sort:
        first, second = (dict(sorted(each.items())) for each in (first, second))
    before = made(first)
    asked = []
    assert made(second, before, asked) == made(second)
    if sort:
        unchanged = {key for key in second if second[key] == first.get(key) and second[key] >= 0}
        assert set(asked) == second.keys() - unchanged


def test_an_index_survives_its_file():
    pieces = [Piece("a", "v1", 3, 1, "2026-03-02"), Piece("ü", "", 0, 0, "")]
    assert list(from_lines(b"".join(map(to_line, pieces)))) == pieces
