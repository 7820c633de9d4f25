"""Money: what was spent, in one currency, to the cent."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def cents(amount: Decimal | float) -> Decimal:
    """The one rounding of money: half a cent away from nought, as Salesforce shows numbers."""
    return Decimal(str(amount)).quantize(CENT, ROUND_HALF_UP)


def in_home_currency(
    amount: Decimal, currency: str, month: str, home: str, rates: Mapping[tuple[str, str], Decimal]
) -> Decimal | None:
    """`rates` maps (currency, YYYY-MM) to units of the home currency for one unit.

    A month without a rate uses the newest earlier one; None when there is none at all.
    """
    if currency == home:
        return cents(amount)
    known = [known_month for known_currency, known_month in rates if known_currency == currency]
    earlier = [known_month for known_month in known if known_month <= month]
    if not earlier:
        return None
    return cents(amount * rates[currency, max(earlier)])
