"""The secrets and parameters of the local stage: made once, kept with the state, so that links survive restarts."""

import base64
import json
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from botocore.exceptions import ClientError

from integration.local.cloud import Cloud
from integration.local.mailbox.signing import make_certificate

SALESFORCE_SECRET = "warmbench/local/salesforce"  # noqa: S105  (a name)
ATS_SECRET = "warmbench/local/ats"  # noqa: S105  (a name)
SEARCHES_SECRET = "warmbench/local/searches"  # noqa: S105  (a name)
LINK_KEYS = "/warmbench/local/link-keys"
CLOCK_OFFSET = "/warmbench/local/clock-offset"
SNS_CERTIFICATE = "/warmbench/local/sns-certificate"
_SECURE = {"Type": "SecureString", "Overwrite": True}


def put(cloud: Cloud, folder: Path, salesforce: Mapping[str, str]) -> None:
    """Writes them all; the clock keeps its offset."""
    _, certificate = make_certificate(folder)
    ssm = cloud.client("ssm")
    ssm.put_parameter(Name=LINK_KEYS, Value=_kept(folder / "link-keys.json", _link_keys), **_SECURE)
    ssm.put_parameter(Name=SNS_CERTIFICATE, Value=certificate, Type="String", Overwrite=True)
    _put_secret(cloud, SALESFORCE_SECRET, json.dumps(dict(salesforce)))
    _put_secret(cloud, ATS_SECRET, _kept(folder / "ats.json", _ats_secrets))
    if clock_offset(cloud) is None:
        set_clock_offset(cloud, 0)


def put_source_keys(cloud: Cloud, sources: str) -> None:
    """Keys that the stand-ins take, and their directory."""
    keys = {"github": "stand-in", "people_data_labs": "stand-in", "directory_url": f"{sources}/directory.csv"}
    _put_secret(cloud, SEARCHES_SECRET, json.dumps(keys))


def clock_offset(cloud: Cloud) -> float | None:
    """How far the stage's clock is ahead, in seconds."""
    try:
        return float(cloud.client("ssm").get_parameter(Name=CLOCK_OFFSET)["Parameter"]["Value"])
    except ClientError:
        return None


def set_clock_offset(cloud: Cloud, seconds: float) -> None:
    """Every function follows within two seconds."""
    cloud.client("ssm").put_parameter(Name=CLOCK_OFFSET, Value=f"{seconds:g}", Type="String", Overwrite=True)


def _link_keys() -> str:
    key = base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()
    return json.dumps({"current": "k1", "keys": {"k1": key}})


def _ats_secrets() -> str:
    """One signing secret, of the connection that the demonstration uses."""
    return json.dumps({"generic": f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"})


def _kept(path: Path, make: Callable[[], str]) -> str:
    """The file's text; made, for this person's eyes only, when there is none."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(make())
    return path.read_text()


def _put_secret(cloud: Cloud, name: str, value: str) -> None:
    manager = cloud.client("secretsmanager")
    try:
        manager.put_secret_value(SecretId=name, SecretString=value)
    except manager.exceptions.ResourceNotFoundException:
        manager.create_secret(Name=name, SecretString=value)
