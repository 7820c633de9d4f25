"""Social networks: LinkedIn Posts, X, Facebook pages. One post an announcement; closed jobs are not posted."""

from collections.abc import Mapping

from integration.adapters.announcing.calls import post
from integration.ports import Announcement, Clock

X_LENGTH = 280
_X_LINK = 23
"""What X counts for any link."""


class LinkedInPosts:
    """https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api. Secret: token, account
    (the organisation's number), and version where another than the default is wanted."""

    a_day = 150
    proof = ""

    def __init__(self, secret: Mapping[str, str], clock: Clock) -> None:
        self._token, self._account = secret["token"], secret["account"]
        self._version = secret.get("version", "202604")

    def tell(self, announcement: Announcement) -> str:
        headers = {
            "Authorization": f"Bearer {self._token}",
            "LinkedIn-Version": self._version,
            "X-Restli-Protocol-Version": "2.0.0",
        }
        article = {"source": announcement.link, "title": announcement.title, "description": announcement.summary}
        body = {
            "author": f"urn:li:organization:{self._account}",
            "commentary": announcement.text,
            "visibility": "PUBLIC",
            "distribution": {
                "feedDistribution": "MAIN_FEED",
                "targetEntities": [],
                "thirdPartyDistributionChannels": [],
            },
            "content": {"article": article},
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": False,
        }
        reply = post("LinkedIn", "https://api.linkedin.com/rest/posts", headers=headers, json=body)
        return str(reply.headers.get("x-restli-id", ""))


class XPosts:
    """https://docs.x.com/x-api/posts/create-post. Secret: token (OAuth 2 of the account)."""

    a_day = 100
    proof = ""

    def __init__(self, secret: Mapping[str, str], clock: Clock) -> None:
        self._token = secret["token"]

    def tell(self, announcement: Announcement) -> str:
        room = X_LENGTH - _X_LINK - 1
        text = announcement.text if len(announcement.text) <= room else announcement.text[: room - 1] + "…"
        headers = {"Authorization": f"Bearer {self._token}"}
        reply = post("X", "https://api.x.com/2/tweets", headers=headers, json={"text": f"{text} {announcement.link}"})
        return str((reply.json().get("data") or {}).get("id", ""))


class FacebookPage:
    """https://developers.facebook.com/docs/pages-api/posts. Secret: token and account (number) of the page."""

    a_day = 50
    proof = ""

    def __init__(self, secret: Mapping[str, str], clock: Clock) -> None:
        self._token, self._account = secret["token"], secret["account"]
        self._version = secret.get("version", "v23.0")

    def tell(self, announcement: Announcement) -> str:
        url = f"https://graph.facebook.com/{self._version}/{self._account}/feed"
        form = {"message": announcement.text, "link": announcement.link, "access_token": self._token}
        return str(post("Facebook", url, data=form).json().get("id", ""))
