"""One DynamoDB table as the Table port. Reads are consistent: a worker must see what the one before it wrote."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

from botocore.exceptions import ClientError

from integration.adapters import aws
from integration.adapters._attributes import Attribute, plain_item, typed, typed_item
from integration.errors import TryAgain
from integration.ports import Item, Table

KEYS_PER_READ = 100
ITEMS_PER_WRITE = 25
ITEMS_PER_TRANSACTION = 100
_ROUNDS = 6  # of asking again for what the service left out: about three seconds in all


class DynamoTable:
    """A table with string keys `pk` and `sk`."""

    def __init__(self, name: str) -> None:
        self.name = name

    def get(self, pk: str, sk: str) -> Item | None:
        with aws.passing_faults("DynamoDB"):
            found = aws.dynamodb().get_item(TableName=self.name, Key=_key(pk, sk), ConsistentRead=True)
        return plain_item(found["Item"]) if "Item" in found else None

    def get_many(self, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Item]:
        wanted = list(dict.fromkeys(keys))
        found: dict[tuple[str, str], Item] = {}
        for start in range(0, len(wanted), KEYS_PER_READ):
            for item in self._read_all(wanted[start : start + KEYS_PER_READ]):
                found[item["pk"], item["sk"]] = item
        return found

    def _read_all(self, keys: Sequence[tuple[str, str]]) -> Iterator[Item]:
        remaining: Any = {self.name: {"Keys": [_key(*key) for key in keys], "ConsistentRead": True}}
        for attempt in range(_ROUNDS):
            if attempt:
                time.sleep(0.05 * 2**attempt)
            with aws.passing_faults("DynamoDB"):
                answer = aws.dynamodb().batch_get_item(RequestItems=remaining)
            yield from map(plain_item, answer["Responses"].get(self.name, ()))
            remaining = answer.get("UnprocessedKeys")
            if not remaining:
                return
        raise TryAgain("DynamoDB left keys unread")

    def put(self, item: Item, *, unless_exists: bool = False) -> bool:
        attributes = typed_item(item)
        condition: dict[str, Any] = {}
        if unless_exists:
            condition = {
                "ConditionExpression": "attribute_not_exists(pk)",
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        try:
            with aws.passing_faults("DynamoDB"):
                aws.dynamodb().put_item(TableName=self.name, Item=attributes, **condition)
        except ClientError as error:
            return _is_own_earlier_attempt(error, attributes)
        return True

    def update(self, pk: str, sk: str, values: Mapping[str, Any], *, only_if: Mapping[str, Any] | None = None) -> bool:
        expression = _Expression()
        update = expression.update_of(values)
        conditions = [expression.condition_of(name, wanted) for name, wanted in (only_if or {}).items()]
        request: dict[str, Any] = {"TableName": self.name, "Key": _key(pk, sk)}
        if update:
            request["UpdateExpression"] = update
        if conditions:
            request["ConditionExpression"] = " AND ".join(conditions)
            request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        try:
            with aws.passing_faults("DynamoDB"):
                aws.dynamodb().update_item(**request, **expression.as_request())
        except ClientError as error:
            return _is_own_earlier_attempt(error, typed_item(dict(values)))
        return True

    def query(
        self, pk: str, *, prefix: str = "", first: str = "", last: str = "", limit: int | None = None
    ) -> Iterator[Item]:
        request: dict[str, Any] = {"TableName": self.name, "ConsistentRead": True, **_range(pk, prefix, first, last)}
        left = limit
        while left is None or left > 0:
            if left is not None:
                request["Limit"] = left
            with aws.passing_faults("DynamoDB"):
                page = aws.dynamodb().query(**request)
            yield from map(plain_item, page["Items"])
            if "LastEvaluatedKey" not in page:
                return
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]
            left = None if left is None else left - len(page["Items"])

    def delete(self, pk: str, sk: str) -> None:
        with aws.passing_faults("DynamoDB"):
            aws.dynamodb().delete_item(TableName=self.name, Key=_key(pk, sk))

    def put_many(self, items: Iterable[Item]) -> None:
        # Twice the same key in one call is refused; the later item counts, as if they came one by one.
        requests = [{"PutRequest": {"Item": typed_item(item)}} for item in {_place(one): one for one in items}.values()]
        for start in range(0, len(requests), ITEMS_PER_WRITE):
            self._write_all(requests[start : start + ITEMS_PER_WRITE])

    def _write_all(self, requests: Sequence[Any]) -> None:
        remaining: Any = {self.name: requests}
        for attempt in range(_ROUNDS):
            if attempt:
                time.sleep(0.05 * 2**attempt)
            with aws.passing_faults("DynamoDB"):
                remaining = aws.dynamodb().batch_write_item(RequestItems=remaining).get("UnprocessedItems")
            if not remaining:
                return
        raise TryAgain("DynamoDB left items unwritten")

    def put_together(self, items: Sequence[tuple[Table, Item]], *, unless_exists: bool = False) -> bool:
        if not items:
            return True
        if len(items) > ITEMS_PER_TRANSACTION:
            raise ValueError(f"{len(items)} items do not fit one transaction of {ITEMS_PER_TRANSACTION}")
        condition = {"ConditionExpression": "attribute_not_exists(pk)"} if unless_exists else {}
        writes: Any = [
            {"Put": {"TableName": _name_of(table), "Item": typed_item(item), **condition}} for table, item in items
        ]
        try:
            with aws.passing_faults("DynamoDB"):
                aws.dynamodb().transact_write_items(TransactItems=writes)
        except ClientError as error:
            return _was_cancelled_by_condition(error)
        return True


class _Expression:
    """Names and values of one update, kept apart from the text so that no word is reserved and nothing injects."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._values: dict[str, Attribute] = {}

    def update_of(self, values: Mapping[str, Any]) -> str:
        sets = [f"{self._name(name)} = {self._value(value)}" for name, value in values.items() if value is not None]
        removes = [self._name(name) for name, value in values.items() if value is None]
        parts = ["SET " + ", ".join(sets)] if sets else []
        return " ".join(parts + (["REMOVE " + ", ".join(removes)] if removes else []))

    def condition_of(self, name: str, wanted: Any) -> str:
        """One entry of `only_if`: a value, None for absent, or a set of either."""
        place = self._name(name)
        allowed: Iterable[Any] = wanted if isinstance(wanted, Set) else [wanted]
        values = [self._value(value) for value in allowed if value is not None]
        parts = [f"{place} IN ({', '.join(values)})"] if values else []
        if any(value is None for value in allowed):
            parts.append(f"attribute_not_exists({place})")
        if not parts:
            raise ValueError(f"only_if allows no value at all for {name}")
        return f"({' OR '.join(parts)})"

    def as_request(self) -> dict[str, Any]:
        request: dict[str, Any] = {}
        if self._names:
            request["ExpressionAttributeNames"] = {place: name for name, place in self._names.items()}
        if self._values:
            request["ExpressionAttributeValues"] = self._values
        return request

    def _name(self, name: str) -> str:
        return self._names.setdefault(name, f"#n{len(self._names)}")

    def _value(self, value: Any) -> str:
        place = f":v{len(self._values)}"
        self._values[place] = typed(value)
        return place


def _place(item: Item) -> tuple[str, str]:
    return item["pk"], item["sk"]


def _key(pk: str, sk: str) -> dict[str, Attribute]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def _range(pk: str, prefix: str, first: str, last: str) -> dict[str, Any]:
    if prefix and (first or last):
        raise ValueError("ask by prefix or by range, not both")
    values = {":pk": pk, ":prefix": prefix, ":first": first, ":last": last}
    condition = "pk = :pk"
    if prefix:
        condition += " AND begins_with(sk, :prefix)"
    elif first and last:
        condition += " AND sk BETWEEN :first AND :last"
    elif first:
        condition += " AND sk >= :first"
    elif last:
        condition += " AND sk <= :last"
    used = {place: {"S": value} for place, value in values.items() if value or place == ":pk"}
    return {"KeyConditionExpression": condition, "ExpressionAttributeValues": used}


def _name_of(table: Table) -> str:
    if not isinstance(table, DynamoTable):
        raise TypeError("a transaction takes tables of DynamoDB only")
    return table.name


def _is_own_earlier_attempt(error: ClientError, written: Mapping[str, Attribute]) -> bool:
    """Whether a refused condition was met by this very call, whose first answer was lost on the way."""
    if aws.error_code(error) != "ConditionalCheckFailedException":
        raise error
    there: Mapping[str, Any] = error.response.get("Item") or {}  # type: ignore[assignment]
    return (
        aws.was_repeated(error) and bool(written) and all(there.get(name) == value for name, value in written.items())
    )


def _was_cancelled_by_condition(error: ClientError) -> bool:
    """False when an item was there; raises TryAgain for a clash with another transaction."""
    if aws.error_code(error) != "TransactionCanceledException":
        raise error
    reasons: Any = error.response.get("CancellationReasons", ())
    codes = {str(reason.get("Code", "")) for reason in reasons}
    if "ConditionalCheckFailed" in codes:
        return False
    if codes & {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}:
        raise TryAgain("DynamoDB was busy with the same items") from error
    raise error
