"""The local AWS from outside: how MiniStack is started, and clients for it."""

import os
import shutil
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
import botocore.client
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from integration.local.places import ROOT
from integration.local.tools import python

REGION = "eu-central-1"
ACCESS_KEY = "test"
SECRET_KEY = "test"  # noqa: S105  (the local AWS knows no other)
API_NAME = "warmbench-local"
SENDS_TABLE = "warmbench-local-sends"
ACCOUNT = "000000000000"
KEEP_IDLE_WORKERS = 30
"""Seconds; the first process of each function stays anyway."""


@dataclass(frozen=True)
class Cloud:
    """One running local AWS."""

    endpoint: str

    @cached_property
    def _session(self) -> boto3.session.Session:
        return boto3.session.Session(aws_access_key_id=ACCESS_KEY, aws_secret_access_key=SECRET_KEY, region_name=REGION)

    def client(self, service: str) -> Any:
        """A boto3 client; S3 signs as AWS wants it today, because MiniStack checks only that signature."""
        config = Config(
            signature_version="s3v4" if service == "s3" else None,
            s3={"addressing_style": "path"},
            retries={"total_max_attempts": 3},
            read_timeout=320,
        )
        made: botocore.client.BaseClient = self._session.client(service, endpoint_url=self.endpoint, config=config)
        return made

    @property
    def environment(self) -> dict[str, str]:
        """Variables by which any AWS program reaches this cloud."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
        }

    def is_up(self) -> bool:
        """Whether it answers signed requests."""
        try:
            self.client("sts").get_caller_identity()
        except (BotoCoreError, ClientError):
            return False
        return True


@dataclass(frozen=True)
class Launch:
    """What is needed to start MiniStack."""

    port: int
    front_port: int
    mailbox: str
    state: Path
    deps: Path
    unclean: bool = False

    @property
    def saved_note(self) -> Path:
        """Says since when everything is on disk."""
        return self.state / "saved.json"

    def command(self) -> list[str]:
        options = {
            "--front": self.front_port,
            "--api": API_NAME,
            "--mailbox": self.mailbox,
            "--deps": self.deps,
            "--saved": self.saved_note,
        }
        given = [str(part) for pair in options.items() for part in pair]
        launch = [str(python("ministack")), "-m", "integration.local.aws.launcher", *given]
        return [*launch, "--pause", SENDS_TABLE] if self.unclean else launch

    def environment(self) -> dict[str, str]:
        """All the variables there are: functions inherit them, so nothing of the person's own comes along."""
        return {
            **{name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ},
            "HOME": str(self.scratch),
            "TMPDIR": str(self.scratch),
            "PYTHONPATH": str(ROOT),
            "PYTHONSAFEPATH": "1",
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "AUTH": "true",
            "MINISTACK_REGION": REGION,
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self.state / "services"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self.state / "s3"),
            "SFTP_ENABLED": "0",
            "IOT_MTLS_ENABLED": "0",
            "LOG_LEVEL": "WARNING",
            "LAMBDA_WARM_TTL_SECONDS": str(KEEP_IDLE_WORKERS),
        }

    @property
    def scratch(self) -> Path:
        """Where functions are unpacked; emptied at each start, because a killed MiniStack leaves them behind."""
        return self.state / "scratch"

    def prepare(self) -> None:
        """Makes the folders."""
        shutil.rmtree(self.scratch, ignore_errors=True)
        for folder in (self.scratch, self.state / "services", self.state / "s3"):
            folder.mkdir(parents=True, exist_ok=True)


def wait_until(is_true: Any, *, seconds: float, every: float = 0.05) -> bool:
    """Whether it came true in time."""
    end = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > end:
            return False
        time.sleep(every)
    return True
