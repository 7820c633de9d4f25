"""Salesforce's errors: one for a whole request, one for a single row."""

from collections.abc import Sequence
from typing import Any


class ApiError(Exception):
    """The answer to a whole request: HTTP status, code and text; a `loud` one is also told on standard error."""

    def __init__(
        self, status: int, code: str, message: str, fields: Sequence[str] | None = None, *, loud: bool = False
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.fields = fields
        self.loud = loud

    def body(self) -> Any:
        """The JSON that goes out."""
        error: dict[str, Any] = {"message": self.message, "errorCode": self.code}
        if self.fields is not None:
            error["fields"] = list(self.fields)
        return [error]


class RowError(Exception):
    """Why one row was not saved."""

    def __init__(self, code: str, message: str, fields: Sequence[str] = ()) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.fields = tuple(fields)

    def as_api_error(self) -> ApiError:
        """The same fault as the answer to a request about one record."""
        return ApiError(400, self.code, self.message, self.fields)

    def as_row(self) -> dict[str, Any]:
        """One entry of `errors` in the answer of a collection."""
        return {"statusCode": self.code, "message": self.message, "fields": list(self.fields)}

    def as_cell(self) -> str:
        """The text of `sf__Error` in a file of failed rows."""
        return f"{self.code}:{self.message}:{','.join(self.fields)} --"


def no_such_object() -> ApiError:
    """For objects and addresses that this org does not know; loud, because a real org might."""
    return ApiError(404, "NOT_FOUND", "The requested resource does not exist", loud=True)


def nothing_there() -> ApiError:
    """For an address that is understood and leads to nothing."""
    return ApiError(404, "NOT_FOUND", "The requested resource does not exist")


def no_such_record(record_id: str) -> ApiError:
    text = f"Provided external ID field does not exist or is not accessible: {record_id}"
    return ApiError(404, "NOT_FOUND", text)


def no_such_field(name: str, object_name: str) -> ApiError:
    return ApiError(400, "INVALID_FIELD", f"No such column '{name}' on sobject of type {object_name}")


def not_implemented(what: str) -> ApiError:
    """For what a real org can do and this one cannot: said plainly instead of a plausible wrong answer."""
    return ApiError(501, "FUNCTIONALITY_NOT_ENABLED", f"The embedded org does not implement {what}", loud=True)
