"""Money: what was spent, in one currency, to the cent."""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal

CENT = Decimal("0.01")


def in_home_currency(
    amount: Decimal, currency: str, month: str, home: str, rates: Mapping[tuple[str, str], Decimal]
) -> Decimal | None:
    """`rates` maps (currency, YYYY-MM) to units of the home currency for one unit.

    A month without a rate uses the newest earlier one; None when there is none at all.
    """
    if currency == home:
        return amount.quantize(CENT, ROUND_HALF_EVEN)
    known = [known_month for known_currency, known_month in rates if known_currency == currency]
    earlier = [known_month for known_month in known if known_month <= month]
    if not earlier:
        return None
    return (amount * rates[currency, max(earlier)]).quantize(CENT, ROUND_HALF_EVEN)
