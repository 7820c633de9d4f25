"""The desks of a journey: recruiter, manager and admin, each signed in to the org as themselves."""

import secrets
from functools import cached_property

import requests
from lxml import etree

from integration.demo.recruiter import Recruiter
from integration.local.org.signin.users import SEATS
from integration.local.stack import Status

_LOGIN = """<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>
<login xmlns="urn:partner.soap.sforce.com"><username>{name}</username><password>{password}</password></login>
</e:Body></e:Envelope>"""


class Desks:
    """Who works in the org; nobody may do more than their permission set says."""

    def __init__(self, status: Status) -> None:
        self._status = status
        self.admin = Recruiter(status)

    @cached_property
    def recruiter(self) -> Recruiter:
        return self._signed_in("recruiter")

    @cached_property
    def manager(self) -> Recruiter:
        return self._signed_in("manager")

    def _signed_in(self, kind: str) -> Recruiter:
        """The admin gives them a password, and they sign in with it."""
        [name] = [seat.username for seat in SEATS if seat.kind == kind]
        [user] = self.admin.query(f"SELECT Id FROM User WHERE Username = '{name}'")
        password, headers = secrets.token_urlsafe(12), {"Authorization": f"Bearer {self._status.org_token}"}
        address = f"{self._status.org}/services/data/v63.0/sobjects/User/{user['Id']}/password"
        requests.post(address, json={"NewPassword": password}, headers=headers, timeout=30).raise_for_status()
        answer = requests.post(
            f"{self._status.org}/services/Soap/u/63.0",
            _LOGIN.format(name=name, password=password),
            headers={"content-type": "text/xml", "SOAPAction": "login"},
            timeout=30,
        )
        answer.raise_for_status()
        [session] = etree.fromstring(answer.content).iter("{urn:partner.soap.sforce.com}sessionId")
        return Recruiter(self._status, str(session.text))

    def launch(self, campaign: str, object_name: str = "Recruiting_Campaign__c") -> str:
        """From draft to running, as the people do it who may."""
        for command in ("Check", "Request approval"):
            self.recruiter.command(object_name, campaign, command)
        self.manager.command(object_name, campaign, "Approve")
        return self.recruiter.command(object_name, campaign, "Launch")
