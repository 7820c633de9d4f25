"""Why a row or value is refused, in words that stay the same: files of rejected rows carry them, programs may rely on
them. What Salesforce itself refuses keeps the code that Salesforce gave it."""

from enum import StrEnum


class Code(StrEnum):
    """The codes of rejected rows; docs/formats.md lists them."""

    EMAIL_INVALID = "EMAIL_INVALID"
    PHONE_INVALID = "PHONE_INVALID"
    PHONE_WITHOUT_COUNTRY = "PHONE_WITHOUT_COUNTRY"
    PROFILE_INVALID = "PROFILE_INVALID"
    COUNTRY_UNKNOWN = "COUNTRY_UNKNOWN"
    LANGUAGE_INVALID = "LANGUAGE_INVALID"
    PICKLIST_UNKNOWN = "PICKLIST_UNKNOWN"
    YES_NO_UNKNOWN = "YES_NO_UNKNOWN"
    DATE_INVALID = "DATE_INVALID"
    DATE_AMBIGUOUS = "DATE_AMBIGUOUS"
    TOO_LONG = "TOO_LONG"
    FORMULA = "FORMULA"
    SPREADSHEET_ERROR = "SPREADSHEET_ERROR"
    UNREADABLE_CHARACTERS = "UNREADABLE_CHARACTERS"
    NO_NAME = "NO_NAME"
    NO_ADDRESS = "NO_ADDRESS"
    TOO_MANY_VALUES = "TOO_MANY_VALUES"
    UNCLOSED_QUOTE = "UNCLOSED_QUOTE"
    LINE_UNREADABLE = "LINE_UNREADABLE"
    LIFECYCLE_MOVE = "LIFECYCLE_MOVE"
    ERASED = "ERASED"
    REFUSED = "REFUSED"
    """By the org, without a code of its own."""
