"""The connections of the org, and the systems behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from integration.errors import Rejected, shortened
from integration.model import field_map
from integration.model.field_map import BadMap, FieldMap
from integration.model.vocabulary import ConnectionKind
from integration.ports import Ats, Record
from integration.records import ATSConnection
from integration.soql import Condition, equals, select

if TYPE_CHECKING:
    from integration.app import App

FIELDS = (
    ATSConnection.ID,
    ATSConnection.KEY,
    ATSConnection.NAME,
    ATSConnection.KIND,
    ATSConnection.SECRET_NAME,
    ATSConnection.LAST_SUCCESS_AT,
    ATSConnection.RECEIVED,
    ATSConnection.APPLIED_COUNT,
    ATSConnection.FAILED_COUNT,
    ATSConnection.CONFIRM_CLOSING,
    ATSConnection.SEND_REGISTRATIONS,
    ATSConnection.FIELD_MAP,
)


@dataclass(frozen=True)
class Connection:
    """One `ATS_Connection__c`."""

    id: str
    key: str
    kind: str
    secret_name: str
    row: Record
    confirm_closing: bool = False
    send_registrations: bool = False

    @property
    def field_map(self) -> FieldMap:
        """Raises Rejected for one that cannot be used."""
        try:
            return field_map.read(str(self.row[ATSConnection.FIELD_MAP] or ""))
        except BadMap as bad:
            raise Rejected(str(bad), field="Field map") from None

    @property
    def has_system(self) -> bool:
        """Whether we ask it; a generic one only tells."""
        return self.kind not in ("", ConnectionKind.GENERIC)


def connections(app: App) -> list[Connection]:
    return [_connection(row) for row in app.salesforce.query(select(ATSConnection.API_NAME, FIELDS))]


def by_key(app: App, key: str) -> Connection | None:
    return _one(app, equals(ATSConnection.KEY, key))


def by_id(app: App, connection_id: str) -> Connection:
    """Raises Gone."""
    return _connection(app.salesforce.get(ATSConnection.API_NAME, connection_id, FIELDS))


def system(app: App, connection: Connection) -> Ats:
    """What a connection reaches; raises Rejected where it cannot."""
    if connection.kind == ConnectionKind.FILES:
        return app.ats_files(connection.key, connection.field_map)
    prefix = f"warmbench/{app.config.stage}/ats-"
    if not connection.secret_name.startswith(prefix):
        raise Rejected(
            f"Secret name is “{shortened(connection.secret_name)}”. It must begin with {prefix}: ask your operator for "
            "the name of this system's secret.",
            field="Secret name",
            value=shortened(connection.secret_name),
        )
    return app.ats(connection.kind, connection.key, connection.secret_name)


def _one(app: App, where: Condition) -> Connection | None:
    rows = app.salesforce.query(select(ATSConnection.API_NAME, FIELDS, where=where, limit=1))
    return _connection(rows[0]) if rows else None


def _connection(row: Record) -> Connection:
    return Connection(
        id=str(row[ATSConnection.ID]),
        key=str(row[ATSConnection.KEY] or ""),
        kind=str(row[ATSConnection.KIND] or ""),
        secret_name=str(row[ATSConnection.SECRET_NAME] or ""),
        row=row,
        confirm_closing=bool(row[ATSConnection.CONFIRM_CLOSING]),
        send_registrations=bool(row[ATSConnection.SEND_REGISTRATIONS]),
    )
