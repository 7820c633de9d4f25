"""The AWS clients of this process: made once, with time-outs, and what their passing faults are called.

The SDK repeats calls by itself, which is right for every service but the one that sends mail: a repeated SendEmail is
a second mail, so that client makes one attempt (reliability finding 2).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError, ResponseStreamingError

from integration.errors import TryAgain

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient
    from types_boto3_s3.client import S3Client
    from types_boto3_secretsmanager.client import SecretsManagerClient
    from types_boto3_sesv2.client import SESV2Client
    from types_boto3_sqs.client import SQSClient
    from types_boto3_ssm.client import SSMClient

PATIENT = Config(
    connect_timeout=3,
    read_timeout=15,
    retries={"mode": "standard", "total_max_attempts": 4},
    max_pool_connections=32,
    tcp_keepalive=True,
)
ONE_ATTEMPT = Config(
    connect_timeout=3,
    read_timeout=20,
    retries={"mode": "standard", "total_max_attempts": 1},
    max_pool_connections=32,
    tcp_keepalive=True,
    user_agent="warmbench",  # the SDK writes its own anew, twice a call, in a tenth of the call's time
    parameter_validation=False,  # every mail has the one form that the tests hold against SES's model
)

_PASSING = {
    "ConditionalRequestConflict",
    "InternalError",
    "InternalFailure",
    "InternalServerError",
    "LimitExceededException",
    "OperationAborted",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestTimeout",
    "ServiceUnavailable",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionConflictException",
    "TransactionInProgressException",
}
_making = Lock()  # the SDK's default session is not safe to share while a client is being made


def error_code(error: ClientError) -> str:
    """The service's name of what went wrong."""
    return str(error.response.get("Error", {}).get("Code", ""))


def was_repeated(error: ClientError) -> bool:
    """Whether an earlier attempt of the same call got no usable answer, so that it may have taken effect."""
    return int(error.response.get("ResponseMetadata", {}).get("RetryAttempts", 0) or 0) > 0


@contextmanager
def passing_faults(service: str) -> Iterator[None]:
    """Throttles, lost connections and the service's own failures become TryAgain; other errors pass through."""
    try:
        yield
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if error_code(error) in _PASSING or status >= 500:
            raise TryAgain(f"{service} is busy ({error_code(error)})") from error
        raise
    except (ConnectionError, HTTPClientError, ResponseStreamingError) as error:
        raise TryAgain(f"{service} did not answer ({type(error).__name__})") from error


def _made(service: Any, config: Config) -> Any:
    with _making:
        return boto3.client(service, config=config)


@cache
def dynamodb() -> "DynamoDBClient":
    """Tables."""
    client: DynamoDBClient = _made("dynamodb", PATIENT)
    return client


@cache
def s3() -> "S3Client":
    """Files; links are signed with version 4, the only one every region takes."""
    client: S3Client = _made("s3", PATIENT.merge(Config(signature_version="s3v4")))
    return client


@cache
def sqs() -> "SQSClient":
    """Queues."""
    client: SQSClient = _made("sqs", PATIENT)
    return client


@cache
def ses() -> "SESV2Client":
    """Mail: one attempt a call."""
    client: SESV2Client = _made("sesv2", ONE_ATTEMPT)
    return client


@cache
def secretsmanager() -> "SecretsManagerClient":
    """Secrets."""
    client: SecretsManagerClient = _made("secretsmanager", PATIENT)
    return client


@cache
def ssm() -> "SSMClient":
    """Parameters."""
    client: SSMClient = _made("ssm", PATIENT)
    return client


def forget() -> None:
    """Makes new clients from now on: for a process that changes its region, endpoint or credentials."""
    for made in (dynamodb, s3, sqs, ses, secretsmanager, ssm):
        made.cache_clear()
