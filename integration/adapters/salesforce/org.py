"""The Salesforce port on one connection."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote_plus

import requests
from simple_salesforce.api import Salesforce as Client

from integration.adapters.salesforce import batches, bulk, describing, destroying, files, loads, saving, upserts
from integration.adapters.salesforce.connection import Call, Connection, Sleep
from integration.adapters.salesforce.faults import Duplicate, SalesforceFault, meaning, problem_of
from integration.adapters.salesforce.login import API_VERSION
from integration.adapters.salesforce.names import Names, asked_fields, checked_id
from integration.adapters.salesforce.transport import Transport
from integration.errors import Gone, Rejected, shortened
from integration.ports import DescribedField, Loaded, Outcome, Record, Value, Write
from integration.soql import equals, select

LONGEST_ADDRESS = 8_000  # characters; Salesforce refuses addresses of 16 KB, and quoting can double a query
MOST_TOGETHER = 5


class SalesforceOrg:
    """Reads and writes of one org, as ports.Salesforce says."""

    def __init__(self, connection: Connection, names: Names) -> None:
        self._connection = connection
        self._names = names
        self._user_id = ""
        self._described = describing.Descriptions(connection, names)

    @property
    def api_usage(self) -> tuple[int, int] | None:
        """(calls used, calls allowed) of the org's day, as of the last answer."""
        return self._connection.transport.api_usage

    def home(self) -> str:
        host = self._connection.run(lambda client: str(client.sf_instance), repeatable=True)
        return self._connection.transport.origin(host)

    def user_id(self) -> str:
        if not self._user_id:
            told: Any = self._connection.run(lambda client: client.oauth2("userinfo"), repeatable=True)
            self._user_id = str(told["user_id"])
        return self._user_id

    def fields(self, object_name: str) -> list[DescribedField]:
        return self._described.fields(object_name)

    def query(self, soql: str) -> list[Record]:
        return list(self.rows(soql))

    def rows(self, soql: str) -> Iterator[Record]:
        yield from self._all_of(self._first_page(self._names.outgoing_soql(soql)), asked_fields(soql))

    def _all_of(self, page: Any, asked: Any) -> Iterator[Record]:
        while True:
            for record in page["records"]:
                yield self._names.incoming_record(record, asked)
            if page["done"]:
                return
            page = self._next_page(page["nextRecordsUrl"])

    def bulk_rows(self, soql: str) -> Iterator[Record]:
        return bulk.rows_of(self._connection, self._names, soql)

    def with_deleted(self, soql: str) -> list[Record]:
        asked = asked_fields(soql)
        outgoing = self._names.outgoing_soql(soql)
        found: Any = self._connection.run(
            lambda client: client.query_all(outgoing, include_deleted=True), repeatable=True
        )
        return [self._names.incoming_record(record, asked) for record in found["records"]]

    def search(self, sosl: str) -> list[Record]:
        outgoing = self._names.outgoing_sosl(sosl)
        if len(quote_plus(outgoing)) > LONGEST_ADDRESS:
            raise Rejected("The query is too long for a search in Salesforce. Shorten it.", field="query")
        try:
            answer: Any = self._connection.run(lambda client: client.search(outgoing), repeatable=True)
        except SalesforceFault as fault:
            if fault.code not in ("INVALID_SEARCH", "MALFORMED_SEARCH"):
                raise
            raise Rejected(
                "Salesforce cannot search for this: a word needs at least two letters or digits. Change the query.",
                field="query",
            ) from None
        return [self._names.incoming_record(record) for record in answer["searchRecords"]]

    def count(self, soql: str) -> int:
        return int(self._first_page(self._names.outgoing_soql(soql))["totalSize"])

    def together(self, soqls: Sequence[str], *, whole: bool = False) -> list[list[Record]]:
        asked = [self._names.outgoing_soql(soql) for soql in soqls]
        calls = (asked[start : start + MOST_TOGETHER] for start in range(0, len(asked), MOST_TOGETHER))
        pages = [page for call in calls for page in self._composite(call)]
        if whole:
            return [list(self._all_of(page, asked_fields(soql))) for soql, page in zip(soqls, pages, strict=True)]
        return [
            [self._names.incoming_record(record, asked_fields(soql)) for record in page["records"]]
            for soql, page in zip(soqls, pages, strict=True)
        ]

    def get(self, object_name: str, record_id: str, fields: Sequence[str]) -> Record:
        found = self.query(select(object_name, fields, where=equals("Id", checked_id(record_id)), limit=1))
        if not found:
            raise Gone("The record was deleted.", field="Id", value=record_id)
        return found[0]

    def create(self, object_name: str, values: Mapping[str, Value]) -> str:
        name, row = self._names.outgoing(object_name), self._names.outgoing_row(values)
        try:
            made: Any = self._write(values, lambda client: getattr(client, name).create(row))
        except Duplicate as duplicate:
            if duplicate.field != batches.OWN_KEY or not duplicate.holder:
                raise
            return duplicate.holder  # an earlier attempt made it, or its twin; either way it is there
        return str(made["id"])

    def update(self, object_name: str, record_id: str, values: Mapping[str, Value]) -> None:
        name, row = self._names.outgoing(object_name), self._names.outgoing_row(values)
        place = checked_id(record_id)
        try:
            self._write(values, lambda client: getattr(client, name).update(place, row))
        except SalesforceFault as fault:
            if fault.code != "NOT_FOUND":
                raise
            raise Gone("The record was deleted.", field="Id", value=record_id) from None

    def create_many(self, object_name: str, rows: Sequence[Mapping[str, Value]]) -> list[Outcome]:
        return batches.create(self._connection, self._names, object_name, rows)

    def update_many(self, object_name: str, rows: Sequence[Mapping[str, Value]]) -> list[Outcome]:
        return batches.update(self._connection, self._names, object_name, rows)

    def create_together(self, rows: Sequence[tuple[str, Mapping[str, Value]]]) -> list[Outcome]:
        return batches.create_together(self._connection, self._names, rows)

    def update_together(self, rows: Sequence[tuple[str, Mapping[str, Value]]]) -> list[Outcome]:
        return batches.update_together(self._connection, self._names, rows)

    def upsert_many(self, object_name: str, key: str, rows: Sequence[Mapping[str, Value]]) -> Sequence[Outcome]:
        return upserts.upsert(self._connection, self._names, object_name, key, rows)

    def save_together(self, writes: Sequence[Write]) -> list[list[Outcome]]:
        return saving.save(self._connection, self._names, writes)

    def upload(self, write: Write) -> list[str]:
        return loads.upload(self._connection, self._names, write)

    def begin(self, job: str) -> None:
        loads.begin(self._connection, job)

    def loaded(self, job: str, key: str) -> Loaded | None:
        return loads.ended(self._connection, self._names, job, key)

    def abort(self, job: str) -> None:
        loads.abort(self._connection, job)

    def delete_many(self, object_name: str, record_ids: Sequence[str]) -> list[Outcome]:
        return batches.delete(self._connection, self._names, record_ids)

    def destroy_many(self, object_name: str, record_ids: Sequence[str]) -> Sequence[Outcome]:
        return destroying.destroy(self._connection, self._names, object_name, record_ids)

    def read_file(self, version_id: str) -> Iterator[bytes]:
        return files.read(self._connection, version_id)

    def attached_file(self, record_id: str) -> tuple[str, str] | None:
        return files.newest(self.query, record_id)

    def attach_file(self, record_id: str, name: str, data: bytes) -> str:
        return files.attach(self._connection, record_id, name, data)

    def _first_page(self, soql: str) -> Any:
        if len(quote_plus(soql)) > LONGEST_ADDRESS:
            return self._composite([soql])[0]  # there the address stands in the body
        return self._connection.run(lambda client: client.query(soql), repeatable=True)

    def _next_page(self, address: str) -> Any:
        return self._connection.run(lambda client: client.query_more(address, identifier_is_url=True), repeatable=True)

    def _composite(self, soqls: Sequence[str]) -> list[Any]:
        parts = [
            {
                "method": "GET",
                "url": f"/services/data/v{API_VERSION}/query?q={quote_plus(soql)}",
                "referenceId": f"query{number}",
            }
            for number, soql in enumerate(soqls)
        ]
        body = {"allOrNone": False, "compositeRequest": parts}
        return self._connection.run(lambda client: _parts_of(client, body), repeatable=True)

    def _write(self, values: Mapping[str, Value], call: Call[Any]) -> Any:
        """Runs a write of one record; a refusal names the field in our words and shows its value."""
        try:
            return self._connection.run(call, repeatable=False)
        except Rejected as refusal:
            refusal.field = self._names.incoming(refusal.field)
            value = values.get(refusal.field)
            refusal.value = "" if value is None else shortened(str(value))
            raise


def connect(
    secret: Mapping[str, str],
    *,
    namespace: str = "",
    session: requests.Session | None = None,
    sleep: Sleep = time.sleep,
) -> SalesforceOrg:
    """The org of `secret`, signed in at the first call.

    `secret` is {login_url, client_id, username, private_key} or {login_url, client_id, client_secret}. The adapters of
    `session` carry the requests where one is given; `sleep` waits between attempts.
    """
    return SalesforceOrg(Connection(secret, Transport(session), sleep=sleep), Names(namespace))


def _parts_of(client: Client, body: Mapping[str, Any]) -> list[Any]:
    """The bodies of a composite call; raises for the first part that failed, so that a passing fault is repeated."""
    answer: Any = client.restful("composite", method="POST", json=body)
    for part in answer["compositeResponse"]:
        if part["httpStatusCode"] >= 300:
            raise meaning(problem_of(part["body"]), part["httpStatusCode"])
    return [part["body"] for part in answer["compositeResponse"]]
