"""Salesforce Event Relay, locally: the org's platform events go to the event bus, at least once and in order.

    python -m integration.local.relay --org URL --org-id ID --aws URL --bus NAME      (access token in ORG_TOKEN)

The position is saved after delivery, in the local AWS itself: when that forgets its last seconds in a crash, the
events of those seconds are delivered again.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import requests
from botocore.exceptions import BotoCoreError, ClientError

from integration.local.cloud import Cloud

POSITION = "/warmbench/local/relay-position"
SOURCE = "crm.local"
_ENTRIES_PER_CALL = 10
_PAUSE = 1.0


@dataclass(frozen=True)
class Relay:
    """One channel from one org to one bus."""

    org: str
    org_id: str
    token: str
    cloud: Cloud
    bus: str

    def run(self) -> None:
        """For ever; whatever fails is tried again."""
        position = self.position()
        while True:
            try:
                position = self.forward(position)
            except (requests.RequestException, BotoCoreError, ClientError, _NotTaken) as error:
                print(f"relay: {type(error).__name__}, trying again", file=sys.stderr, flush=True)
                time.sleep(_PAUSE)

    def forward(self, position: int) -> int:
        """Waits for events after `position` and delivers them; the new position."""
        events = self.events_after(position)
        for batch in _batches(events):
            self._deliver(batch)
            position = int(batch[-1]["sequence"])
            self._save(position)
        return position

    def events_after(self, position: int) -> list[dict[str, Any]]:
        """The org answers at once when there are any, else after some seconds with none."""
        answer = requests.get(
            f"{self.org}/warmbench/events",
            params={"after": str(position)},
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=(5, 60),
        )
        answer.raise_for_status()
        events: list[dict[str, Any]] = answer.json()["events"]
        return events

    def position(self) -> int:
        """The last event that was delivered."""
        try:
            return int(self.cloud.client("ssm").get_parameter(Name=POSITION)["Parameter"]["Value"])
        except ClientError:
            return 0

    def _save(self, position: int) -> None:
        self.cloud.client("ssm").put_parameter(Name=POSITION, Value=str(position), Type="String", Overwrite=True)

    def _deliver(self, events: Sequence[dict[str, Any]]) -> None:
        entries = [
            {
                "Source": f"{SOURCE}/{self.org_id}/channel",
                "DetailType": event["event"],
                "Detail": json.dumps({"payload": event["payload"]}),
                "EventBusName": self.bus,
            }
            for event in events
        ]
        if self.cloud.client("events").put_events(Entries=entries)["FailedEntryCount"]:
            raise _NotTaken


class _NotTaken(Exception):
    """The bus refused some; the whole batch is delivered again."""


def _batches(events: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    for start in range(0, len(events), _ENTRIES_PER_CALL):
        yield events[start : start + _ENTRIES_PER_CALL]


def main() -> None:
    """Relays until it is stopped."""
    parser = argparse.ArgumentParser()
    for name in ("--org", "--org-id", "--aws", "--bus"):
        parser.add_argument(name, required=True)
    options = parser.parse_args()
    Relay(options.org, options.org_id, os.environ["ORG_TOKEN"], Cloud(options.aws), options.bus).run()


if __name__ == "__main__":
    main()
