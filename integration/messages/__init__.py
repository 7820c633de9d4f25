"""Messages: a template is checked and compiled once per campaign step, and each mail is written from the result."""

from integration.messages.engine import TooLong
from integration.messages.making import BRAND_FIELDS, Draft, Translation, key_of, make, message_of_mark, publish, writer
from integration.messages.previewing import check, preview

__all__ = [
    "BRAND_FIELDS",
    "Draft",
    "TooLong",
    "Translation",
    "check",
    "key_of",
    "make",
    "message_of_mark",
    "preview",
    "publish",
    "writer",
]
