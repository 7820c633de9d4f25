"""Cells of files that people open in spreadsheets."""

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")


def neutral(cell: str) -> str:
    """The cell, with an apostrophe before anything that a spreadsheet might run as a formula.

    `'=1+1` shows as text in Excel, LibreOffice and Google Sheets. Leading blanks and quotes do not hide a formula.
    """
    return (
        f"'{cell}" if cell.lstrip(" \u00a0\u3000\"'\ufeff\u200b").startswith(_STARTS) or cell[:1] in _STARTS else cell
    )
