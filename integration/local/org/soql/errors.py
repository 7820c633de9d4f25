"""What a query is refused with: the org's own codes and texts, with the place in the query."""

_BEFORE = 60
_AFTER = 40
_REFERENCE = "Please reference your WSDL or the describe call for the appropriate names."


class SoqlError(Exception):
    """A refused query; `code` is the org's errorCode."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def located(code: str, text: str, position: int, reason: str) -> SoqlError:
    """An error that shows the piece of the query and points at the place."""
    row = text.count("\n", 0, position) + 1
    column = position - (text.rfind("\n", 0, position) + 1) + 1
    start = max(0, position - _BEFORE)
    snippet = text[start : position + _AFTER].replace("\n", " ")
    pointer = " " * (position - start) + "^"
    return SoqlError(code, f"\n{snippet}\n{pointer}\nERROR at Row:{row}:Column:{column}\n{reason}")


def too_complicated() -> SoqlError:
    """For a query that is larger than the org can hold together."""
    reason = "Query is either selecting too many fields or the filter conditions are too complicated."
    return SoqlError("QUERY_TOO_COMPLICATED", reason)


def unexpected(text: str, position: int, token: str) -> SoqlError:
    return located("MALFORMED_QUERY", text, position, f"unexpected token: '{token}'")


def no_such_field(text: str, position: int, field: str, entity: str) -> SoqlError:
    return located(
        "INVALID_FIELD",
        text,
        position,
        f"No such column '{field}' on entity '{entity}'. If you are attempting to use a custom field, be sure to "
        f"append the '__c' after the custom field name. {_REFERENCE}",
    )


def no_such_object(text: str, position: int, name: str) -> SoqlError:
    return located(
        "INVALID_TYPE",
        text,
        position,
        f"sObject type '{name}' is not supported. If you are attempting to use a custom object, be sure to append "
        f"the '__c' after the entity name. {_REFERENCE}",
    )


def no_such_relationship(text: str, position: int, name: str, *, child: bool = False) -> SoqlError:
    place = "FROM part of query call" if child else "field path"
    return located(
        "INVALID_TYPE" if child else "INVALID_FIELD",
        text,
        position,
        f"Didn't understand relationship '{name}' in {place}. If you are attempting to use a custom relationship, "
        f"be sure to append the '__r' after the custom relationship name. {_REFERENCE}",
    )


def not_implemented(text: str, position: int, construct: str) -> SoqlError:
    """For what a real org can do and this one cannot: refused, never answered wrongly."""
    return located("NOT_IMPLEMENTED", text, position, f"The local org does not implement {construct} in queries")
