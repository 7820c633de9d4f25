"""Secrets Manager and SSM parameters, remembered for five minutes."""

import json
import time
from collections.abc import Callable

from integration.adapters import aws

KEEP_SECONDS = 300.0


class AwsSecrets:
    """Secrets by name; a rotated one is noticed within five minutes."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], tuple[float, str]] = {}

    def secret(self, name: str) -> dict[str, str]:
        return dict(json.loads(self._remembered("secret", name, _read_secret, KEEP_SECONDS)))

    def parameter(self, name: str, *, max_age_seconds: float = KEEP_SECONDS) -> str:
        return self._remembered("parameter", name, _read_parameter, max_age_seconds)

    def _remembered(self, kind: str, name: str, read: Callable[[str], str], max_age_seconds: float) -> str:
        now = time.monotonic()
        read_at, value = self._kept.get((kind, name), (float("-inf"), ""))
        if now - read_at > max_age_seconds:
            value = read(name)
            self._kept[kind, name] = (now, value)
        return value


def _read_secret(name: str) -> str:
    with aws.passing_faults("Secrets Manager"):
        return aws.secretsmanager().get_secret_value(SecretId=name)["SecretString"]


def _read_parameter(name: str) -> str:
    with aws.passing_faults("SSM"):
        return aws.ssm().get_parameter(Name=name, WithDecryption=True)["Parameter"].get("Value", "")
