"""Incoming webhooks of Slack and Microsoft Teams: colleagues hear of a job. Secret: url."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from integration.adapters.announcing.calls import post
from integration.adapters.searches.addresses import checked_url
from integration.errors import Rejected
from integration.ports import Announcement, Clock

_SLACK = "hooks.slack.com"
_TEAMS = (".webhook.office.com", ".logic.azure.com", ".api.powerplatform.com")


class TeamWebhook:
    """Slack takes text, Teams a card; other hosts are refused, so that a secret cannot point anywhere."""

    a_day = 1_000
    proof = ""

    def __init__(self, secret: Mapping[str, str], clock: Clock) -> None:
        self._url = checked_url(secret["url"])
        host = (urlsplit(self._url).hostname or "").lower()
        if not self._url.startswith("https://") or not (host == _SLACK or host.endswith(_TEAMS)):
            raise Rejected("The webhook is none of Slack or Teams. Ask your operator to enter its address.")
        self._is_slack = host == _SLACK

    def tell(self, announcement: Announcement) -> str:
        if self._is_slack:
            words = announcement.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            post("Slack", self._url, json={"text": f"{words}\n{announcement.link}"})
            return ""
        block = {"type": "TextBlock", "text": announcement.text, "wrap": True}
        card = {
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "type": "AdaptiveCard",
            "version": "1.4",
            "body": [block],
            "actions": [{"type": "Action.OpenUrl", "title": announcement.title, "url": announcement.link}],
        }
        attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
        post("Teams", self._url, json={"type": "message", "attachments": [attachment]})
        return ""
