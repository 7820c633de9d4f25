"""S3Files against moto."""

from urllib.parse import parse_qs, urlsplit

import pytest

from integration.adapters import aws
from integration.adapters.s3 import PART_BYTES
from integration.errors import Gone


def test_bytes_come_back_as_they_went(app):
    app.data.write("a/b.bin", b"\0\xff", content_type="application/octet-stream")
    assert app.data.read("a/b.bin") == b"\0\xff"
    assert app.data.read("a/none") is None


def test_first_write_wins(app):
    assert app.data.write("k", b"1", content_type="text/plain", unless_exists=True)
    assert not app.data.write("k", b"2", content_type="text/plain", unless_exists=True)
    assert app.data.read("k") == b"1"
    assert app.data.write("k", b"3", content_type="text/plain")


def test_large_stream_arrives_whole(app):
    chunks = [bytes([number]) * 1_000_000 for number in range(20)]
    app.data.write_stream("large", iter(chunks), content_type="text/csv")
    assert b"".join(app.data.stream("large")) == b"".join(chunks)
    assert aws.s3().head_object(Bucket=app.data.bucket, Key="large")["ContentType"] == "text/csv"


@pytest.mark.parametrize("size", [0, 1, PART_BYTES, PART_BYTES + 1])
def test_stream_of_any_size_arrives(app, size):
    app.data.write_stream("k", iter([b"x" * size]), content_type="text/plain")
    assert len(app.data.read("k")) == size


def test_stream_that_breaks_leaves_nothing(app):
    def broken():
        yield b"x" * (2 * PART_BYTES)
        raise RuntimeError("the source broke")

    with pytest.raises(RuntimeError, match="the source broke"):
        app.data.write_stream("k", broken(), content_type="text/plain")
    assert app.data.read("k") is None
    assert not aws.s3().list_multipart_uploads(Bucket=app.data.bucket).get("Uploads")


def test_missing_file_is_gone_at_once(app):
    with pytest.raises(Gone):
        app.data.stream("none")


@pytest.mark.slow
def test_keys_by_prefix_and_delete_more_than_one_call_takes(app):
    for number in range(1_003):
        app.data.write(f"a/{number:04}", b"", content_type="text/plain")
    app.data.write("b/kept", b"", content_type="text/plain")
    assert len(list(app.data.keys("a/"))) == 1_003
    app.data.delete(app.data.keys("a/"))
    assert list(app.data.keys("")) == ["b/kept"]


def test_link_is_signed_and_names_the_file(app):
    link = urlsplit(app.data.link("a/rejects.csv", seconds=60, file_name='Zoë "x"\r\n.csv'))
    query = parse_qs(link.query)
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["X-Amz-Expires"] == ["60"]
    assert query["response-content-disposition"] == ["attachment; filename*=UTF-8''Zo%C3%AB%20%22x%22%0D%0A.csv"]
