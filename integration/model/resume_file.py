"""What a file that a person sends as a résumé is, by its first bytes; and how long it waits for the worker."""

KINDS = {"pdf": (b"%PDF-",), "docx": (b"PK\x03\x04",)}
TYPES = {"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}


def kind(data: bytes) -> str | None:
    """`pdf` or `docx`, or None for what is neither."""
    return next((name for name, starts in KINDS.items() if data.startswith(starts)), None)


def key(registration: str) -> str:
    """Where it waits: named by the registration, never by what the person called it."""
    return f"uploads/{registration}"
