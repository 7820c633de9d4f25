"""Landing pages: checked, frozen as numbered versions, and pointed at by one small file."""

from integration.pages.publishing import preview, publish, roll_back, unpublish

__all__ = ["preview", "publish", "roll_back", "unpublish"]
