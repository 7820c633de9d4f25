"""Workbooks made for tests."""

import io

import openpyxl


def workbook(*sheets, **settings):
    """The bytes of an xlsx; each sheet is (name, rows). `hidden` and `merged` name a sheet's state and ranges."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if name in settings.get("hidden", ()):
            sheet.sheet_state = "hidden"
        for merged in settings.get("merged", {}).get(name, ()):
            sheet.merge_cells(merged)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()
