"""The composition root: one App per process; each part is made on first use, so a function pays for what it uses."""

import time
from functools import cache, cached_property
from typing import TYPE_CHECKING

from integration.config import Config, aws_access, from_environment
from integration.model.link import Signer
from integration.ports import (
    Announcer,
    Clock,
    Deliveries,
    Files,
    LinkCheck,
    Mailer,
    MailNotifications,
    ProspectSource,
    PublicSite,
    Queues,
    Salesforce,
    Secrets,
    Table,
    Web,
)

if TYPE_CHECKING:
    from integration.adapters.searches import Access
    from integration.model.field_map import FieldMap
    from integration.ports import Ats


class App:
    """What a use-case is given. Tests replace a part by assigning to it."""

    def __init__(self, config: Config) -> None:
        self.config = config

    @cached_property
    def clock(self) -> Clock:
        from integration.adapters.clock import StageClock

        return StageClock(self.secrets, self.config.clock_parameter)

    @cached_property
    def secrets(self) -> Secrets:
        from integration.adapters.secrets import AwsSecrets

        return AwsSecrets()

    @cached_property
    def salesforce(self) -> Salesforce:
        from integration.adapters.salesforce import connect

        return connect(self.secrets.secret(self.config.salesforce_secret), namespace=self.config.namespace)

    @cached_property
    def links(self) -> Signer:
        return Signer.from_json(self.secrets.parameter(self.config.link_keys_parameter))

    @cached_property
    def queues(self) -> Queues:
        from integration.adapters.sqs import SqsQueues

        return SqsQueues(self.config.queue_urls)

    @cached_property
    def deliveries(self) -> Deliveries:
        from integration.adapters.sqs import SqsDeliveries

        return SqsDeliveries()

    @cached_property
    def mailer(self) -> Mailer:
        from integration.adapters.ses import SesMailer

        return SesMailer(self.config.configuration_set)

    @cached_property
    def notifications(self) -> MailNotifications:
        from integration.adapters.sns import SnsNotifications

        pinned = self.config.sns_certificate_parameter
        return SnsNotifications(self.config.mail_topic_arn, self.secrets.parameter(pinned) if pinned else "")

    @cached_property
    def data(self) -> Files:
        return self._files(self.config.data_bucket)

    @cached_property
    def site(self) -> Files:
        return self._files(self.config.site_bucket)

    @cached_property
    def sends(self) -> Table:
        return self._table("sends")

    @cached_property
    def due(self) -> Table:
        return self._table("due")

    @cached_property
    def people(self) -> Table:
        return self._table("people")

    @cached_property
    def claims(self) -> Table:
        return self._table("claims")

    @cached_property
    def pace(self) -> Table:
        return self._table("pace")

    def search_source(self, name: str) -> ProspectSource:
        """A source of prospects by its name, for one search; raises Rejected when there is none."""
        from integration.adapters.searches import connect
        from integration.prospecting import sources

        return sources.own(self, name) or connect(name, self._search_access)

    @cached_property
    def web(self) -> Web:
        from integration.adapters.searches.web import CheckedWeb

        return CheckedWeb(self._search_access.edge("Directory"), self._search_access.secret.get("directory_url", ""))

    @cached_property
    def link_check(self) -> LinkCheck:
        from integration.adapters.links import WebLinks

        return WebLinks()

    def announcer(self, adapter: str, secret_name: str, account: str) -> Announcer:
        """A place to tell of jobs, with its keys; raises Rejected when they are incomplete."""
        from integration.adapters.announcing import connect

        secret = {"account": account, **self.secrets.secret(secret_name)}
        return connect(adapter, secret, self.clock)

    @cached_property
    def _systems(self) -> dict[str, tuple[str, dict[str, str], "Ats"]]:
        return {}

    def ats(self, kind: str, connection: str, secret_name: str) -> "Ats":
        """An applicant tracking system of its kind, by its connection's key and secret; raises Rejected."""
        from integration.adapters.ats import Access, connect

        secret = self.secrets.secret(secret_name)
        kept = self._systems.get(connection)
        if kept is None or kept[:2] != (kind, secret):  # kept with its access token, until the secret is another
            access = Access(connection, self.clock, self.pace, secret, rate=self.config.search_rate)
            kept = self._systems[connection] = (kind, secret, connect(kind, access))
        return kept[2]

    def ats_files(self, connection: str, field_map: "FieldMap") -> "Ats":
        """A system without an API: its files in the data bucket."""
        from integration.adapters.ats.files import files

        return files(self.data, self.clock, connection, field_map)

    @cached_property
    def public_site(self) -> PublicSite:
        from integration.adapters import public_site

        return public_site.PublicSite(self.config.public_base_url)

    @cached_property
    def _search_access(self) -> "Access":
        from integration.adapters.searches import Access

        config = self.config
        return Access(
            clock=self.clock,
            pace=self.pace,
            kept=self.data,
            secret=self.secrets.secret(config.searches_secret) if config.searches_secret else {},
            endpoints=config.search_endpoints,
            private_hosts=config.search_private_hosts,
            contact=config.search_contact,
            rate=config.search_rate,
        )

    def _table(self, name: str) -> Table:
        from integration.adapters.dynamodb import DynamoTable

        return DynamoTable(self.config.tables[name])

    def _files(self, bucket: str) -> Files:
        from integration.adapters.s3 import S3Files

        return S3Files(bucket)


class TrackerApp(App):
    """The App of the tracker: queues and parameters by the standard library, so that a click waits for no SDK."""

    @cached_property
    def secrets(self) -> Secrets:
        from integration.adapters.sigv4 import SignedSecrets

        return SignedSecrets(aws_access(), time.monotonic)

    @cached_property
    def queues(self) -> Queues:
        from integration.adapters.sigv4 import SignedQueues

        return SignedQueues(aws_access(), self.config.queue_urls)


@cache
def current() -> App:
    """The App of this process, made from its environment on first use."""
    return App(from_environment())


@cache
def tracker() -> App:
    """The same for the tracker."""
    return TrackerApp(from_environment())
