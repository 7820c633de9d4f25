"""One S3 bucket as the Files port."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from urllib.parse import quote

from botocore.exceptions import ClientError

from integration.adapters import aws
from integration.errors import Gone, TryAgain

PART_BYTES = 8 * 1024 * 1024  # S3 takes parts from 5 MiB
READ_BYTES = 256 * 1024
KEYS_PER_DELETE = 1_000
_ABSENT = {"NoSuchKey", "404", "NotFound"}


class S3Files:
    """Files of one bucket by key."""

    def __init__(self, bucket: str) -> None:
        self.bucket = bucket

    def read(self, key: str) -> bytes | None:
        body = self._open(key)
        if body is None:
            return None
        with aws.passing_faults("S3"):
            return bytes(body.read())

    def stream(self, key: str) -> Iterator[bytes]:
        """Raises Gone when there is no such file, before the first byte is asked for."""
        body = self._open(key)
        if body is None:
            raise Gone("The file is not there any more. Upload it again.")
        return _pieces(body)

    def write(self, key: str, data: bytes, *, content_type: str, unless_exists: bool = False) -> bool:
        condition: Any = {"IfNoneMatch": "*"} if unless_exists else {}
        try:
            with aws.passing_faults("S3"):
                aws.s3().put_object(Bucket=self.bucket, Key=key, Body=data, ContentType=content_type, **condition)
        except ClientError as error:
            if aws.error_code(error) != "PreconditionFailed":
                raise
            # The answer to an earlier attempt of this very call may have been lost.
            return aws.was_repeated(error) and self.read(key) == data
        return True

    def write_stream(self, key: str, chunks: Iterable[bytes], *, content_type: str) -> None:
        parts = _parts(chunks)
        first = next(parts, b"")
        if len(first) < PART_BYTES:
            self.write(key, first, content_type=content_type)
            return
        with aws.passing_faults("S3"):
            upload = aws.s3().create_multipart_upload(Bucket=self.bucket, Key=key, ContentType=content_type)
        whole: dict[str, Any] = {"Bucket": self.bucket, "Key": key, "UploadId": upload["UploadId"]}
        try:
            with aws.passing_faults("S3"):
                done = [_upload(whole, 1, first)]
                done += [_upload(whole, number, part) for number, part in enumerate(parts, start=2)]
                aws.s3().complete_multipart_upload(**whole, MultipartUpload={"Parts": done})
        except BaseException:
            aws.s3().abort_multipart_upload(**whole)
            raise

    def keys(self, prefix: str) -> Iterator[str]:
        with aws.passing_faults("S3"):
            pages = aws.s3().get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
            for page in pages:
                yield from (entry["Key"] for entry in page.get("Contents", ()))

    def delete(self, keys: Iterable[str]) -> None:
        remaining = iter(keys)
        while batch := [{"Key": key} for key in islice(remaining, KEYS_PER_DELETE)]:
            with aws.passing_faults("S3"):
                request: Any = {"Objects": batch, "Quiet": True}
                answer = aws.s3().delete_objects(Bucket=self.bucket, Delete=request)
            if errors := answer.get("Errors"):
                raise TryAgain(f"S3 kept {len(errors)} files ({errors[0].get('Code', '')})")

    def link(self, key: str, *, seconds: int, file_name: str = "") -> str:
        request = {"Bucket": self.bucket, "Key": key}
        if file_name:
            request["ResponseContentDisposition"] = f"attachment; filename*=UTF-8''{quote(file_name, safe='')}"
        return aws.s3().generate_presigned_url("get_object", Params=request, ExpiresIn=seconds)

    def _open(self, key: str) -> Any:
        try:
            with aws.passing_faults("S3"):
                return aws.s3().get_object(Bucket=self.bucket, Key=key)["Body"]
        except ClientError as error:
            if aws.error_code(error) in _ABSENT:
                return None
            raise


def _upload(whole: dict[str, Any], number: int, part: bytes) -> Any:
    answer = aws.s3().upload_part(**whole, PartNumber=number, Body=part)
    return {"ETag": answer["ETag"], "PartNumber": number}


def _pieces(body: Any) -> Iterator[bytes]:
    with aws.passing_faults("S3"):
        yield from body.iter_chunks(READ_BYTES)


def _parts(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in parts of exactly PART_BYTES, but for the last."""
    buffer = bytearray()
    for chunk in chunks:
        buffer += chunk
        while len(buffer) >= PART_BYTES:
            yield bytes(buffer[:PART_BYTES])
            del buffer[:PART_BYTES]
    if buffer:
        yield bytes(buffer)
