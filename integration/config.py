"""Settings. The only reader of the environment; serverless.yml writes what is read here."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from integration.ports import Queue


@dataclass(frozen=True)
class Config:
    """One stage's settings. Names of AWS resources, never secrets."""

    stage: str
    public_base_url: str
    org_id: str
    """The 18-character id of the one org this stage serves; commands of another are refused."""
    namespace: str = ""
    salesforce_secret: str = ""
    """Secrets Manager name: {login_url, client_id, username, private_key} or {login_url, client_id, client_secret}."""
    link_keys_parameter: str = ""
    """SSM name of the signing keys of links: JSON {"current": "k1", "keys": {"k1": "<base64url, 32 bytes>"}}."""
    clock_parameter: str = ""
    """SSM name of the clock's offset in seconds; empty in production."""
    sns_certificate_parameter: str = ""
    """SSM name of a pinned PEM certificate for provider webhooks; empty: fetched from the SNS host by the rules."""
    ats_secret: str = ""
    """Secrets Manager name: {connection key: signing secret} of the generic signed ATS webhooks."""
    searches_secret: str = ""
    """Secrets Manager name of the keys of prospect sources (adapters/searches); empty: sources without keys only."""
    search_endpoints: Mapping[str, str] = field(default_factory=dict)
    """Source in lower case with underscores -> address, where it is not the public one."""
    search_private_hosts: tuple[str, ...] = ()
    """host:port inside a private network that a directory may be read from."""
    search_contact: str = ""
    """Mail address or page that sources can turn to; stands in the name we give ourselves."""
    search_rate: float = 1.0
    """Multiplies the published rates of sources."""
    link_checks: int = 20
    """Most links to other sites that a check of a campaign tries; 0: none."""
    mail_topic_arn: str = ""
    configuration_set: str = ""
    mail_allow_list: tuple[str, ...] = ()
    """Outside production: domains and addresses that may be mailed; empty: everybody."""
    inbound_domain: str = ""
    """Mail to any address of this domain comes in (lambdas/mail_in.py); empty: answers go to the sender."""
    send_rate: float = 14.0
    """Mails a second per sender unless the campaign says less."""
    registrations_per_network: int = 20
    """Forms taken from one network in an hour: bounds what a robot can make us mail to strangers."""
    in_doubt_seconds: float = 900.0
    """How long a mail without an answer waits for the provider's event before it is listed as in doubt."""
    home_currency: str = "EUR"
    tables: Mapping[str, str] = field(default_factory=dict)
    """sends, due, people, claims, pace -> table name."""
    data_bucket: str = ""
    """raw/, audiences/, imports/, provenance/."""
    site_bucket: str = ""
    """pages/, feeds/."""
    queue_urls: Mapping[Queue, str] = field(default_factory=dict)


@dataclass(frozen=True)
class AwsAccess:
    """What Lambda gives each process: its role's credentials, its region and, off AWS, another endpoint."""

    key_id: str
    secret: str
    token: str
    region: str
    endpoint: str


TABLES = ("sends", "due", "people", "claims", "pace")


def from_environment(environment: Mapping[str, str] | None = None) -> Config:
    """The settings of this process. A function has only the names its role may use; the others are empty."""
    read = (os.environ if environment is None else environment).get
    return Config(
        stage=read("STAGE", ""),
        public_base_url=read("PUBLIC_BASE_URL", "").rstrip("/"),
        org_id=read("ORG_ID", ""),
        namespace=read("NAMESPACE", ""),
        salesforce_secret=read("SALESFORCE_SECRET", ""),
        link_keys_parameter=read("LINK_KEYS_PARAMETER", ""),
        clock_parameter=read("CLOCK_PARAMETER", ""),
        sns_certificate_parameter=read("SNS_CERTIFICATE_PARAMETER", ""),
        ats_secret=read("ATS_SECRET", ""),
        searches_secret=read("SEARCHES_SECRET", ""),
        search_endpoints=dict(pair.split("=", 1) for pair in read("SEARCH_ENDPOINTS", "").split() if "=" in pair),
        search_private_hosts=tuple(read("SEARCH_PRIVATE_HOSTS", "").split()),
        search_contact=read("SEARCH_CONTACT", ""),
        search_rate=float(read("SEARCH_RATE", "1")),
        link_checks=int(read("LINK_CHECKS", "20")),
        mail_topic_arn=read("MAIL_TOPIC_ARN", ""),
        configuration_set=read("CONFIGURATION_SET", ""),
        mail_allow_list=tuple(entry.strip() for entry in read("MAIL_ALLOW_LIST", "").split(",") if entry.strip()),
        inbound_domain=read("INBOUND_DOMAIN", "").strip().lower(),
        send_rate=float(read("SEND_RATE", "14")),
        registrations_per_network=int(read("REGISTRATIONS_PER_NETWORK", "20")),
        in_doubt_seconds=float(read("IN_DOUBT_SECONDS", "900")),
        home_currency=read("HOME_CURRENCY", "EUR"),
        tables={name: read(f"{name.upper()}_TABLE", "") for name in TABLES},
        data_bucket=read("DATA_BUCKET", ""),
        site_bucket=read("SITE_BUCKET", ""),
        queue_urls={queue: read(f"{queue.name}_QUEUE_URL", "") for queue in Queue},
    )


def aws_access(environment: Mapping[str, str] | None = None) -> AwsAccess:
    """For the one client that is not boto3."""
    read = (os.environ if environment is None else environment).get
    return AwsAccess(
        key_id=read("AWS_ACCESS_KEY_ID", ""),
        secret=read("AWS_SECRET_ACCESS_KEY", ""),
        token=read("AWS_SESSION_TOKEN", ""),
        region=read("AWS_REGION", "") or read("AWS_DEFAULT_REGION", ""),
        endpoint=read("AWS_ENDPOINT_URL", ""),
    )
