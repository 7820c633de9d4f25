"""The quick reading of phone numbers gives what the library gives, for every number however it is written."""

import random

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneMetadata, PhoneNumberFormat

from integration.bench import phone as bench
from integration.candidates import dialling
from integration.candidates.parsing import phone_or_fault

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
NUMBERS = 20_000


def by_the_library(text, region):
    """E.164, or empty; 00 in front is a + everywhere."""
    stripped = text.strip()
    try:
        number = phonenumbers.parse("+" + stripped[2:] if stripped.startswith("00") else stripped, region or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number) or not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def written(chance):
    """A number of some region and kind, often a digit too long or short, in some spelling; its region, or another."""
    region = chance.choice(REGIONS)
    example = phonenumbers.example_number_for_type(region, chance.randrange(11)) or phonenumbers.example_number(region)
    digits = phonenumbers.national_significant_number(example)
    length = len(digits) + chance.choice([0] * 8 + [-1, 1, 2])
    digits = (digits[: chance.randint(1, len(digits))] + "".join(chance.choices("0123456789", k=20)))[: max(length, 1)]
    code, inside = str(example.country_code), PhoneMetadata.metadata_for_region(region).national_prefix or ""
    other = phonenumbers.PhoneNumber(country_code=int(code), national_number=int(digits))
    text = chance.choice(
        [
            f"+{code}{digits}",
            f"+{code} (0){digits[:3]}-{digits[3:6]} {digits[6:]}",
            f"00{code} {digits[:2]} {digits[2:]}",
            f" 00 {code} {digits}",
            f"(00){code}{digits}",
            code + digits,
            inside + digits,
            digits,
            f"({inside}{digits[:2]}) {digits[2:5]}/{digits[5:]}",
            f"+{code}.{digits[:3]}.{digits[3:]} ext. 12",
            f"{inside}{digits} x7",
            "".join(chance.choices("0123456789", k=chance.randint(3, 15))),
            phonenumbers.format_number(other, PhoneNumberFormat.NATIONAL),
            phonenumbers.format_number(other, PhoneNumberFormat.INTERNATIONAL),
        ]
    )
    return text, chance.choice([region] * 4 + ["", chance.choice(REGIONS)])


@pytest.mark.slow
def test_twenty_thousand_numbers_of_all_regions_read_as_the_library_reads_them():
    chance = random.Random(11)
    given = [written(chance) for _ in range(NUMBERS)]
    different = [(one, phone_or_fault(*one)[0]) for one in given if phone_or_fault(*one)[0] != by_the_library(*one)]
    assert different == []


def test_most_valid_numbers_need_no_library():
    numbers = [one for one in bench.mixed(5_000, seed=3) if by_the_library(*one)]
    assert sum(1 for one in numbers if dialling.usual(*one)) > 0.9 * len(numbers)


@pytest.mark.parametrize("region", REGIONS)
def test_the_example_of_every_region_is_known(region):
    number = phonenumbers.example_number(region)
    text = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    assert phone_or_fault(text, "") == (text, None)


@settings(max_examples=400, deadline=None)
@given(
    st.text(alphabet="+0123456789 -.()/x#ａ１٣\t\ud800", max_size=18),
    st.sampled_from(["", "US", "IT", "AR", "IE", "QQ"]),
)
def test_a_quick_answer_is_never_another_one(text, region):
    quick = dialling.usual(text, region)
    assert not quick or quick == by_the_library(text, region)


def test_a_number_that_stood_before_is_not_read_again():
    phone_or_fault.cache_clear()
    for _ in range(3):
        phone_or_fault("call after 5", "IE")
    assert phone_or_fault.cache_info().misses == 1


def test_a_number_that_is_sure_by_its_beginning_is_valid_whatever_follows():
    chance, sure = random.Random(5), 0
    for text, region in [*bench.mixed(3_000, seed=5), *(written(chance) for _ in range(3_000))]:
        start = text.encode("ascii", "ignore").translate(None, dialling.PUNCTUATION).decode()[:-6]
        begins = dialling.surely(start, 6, region)
        sure += bool(begins)
        for _ in range(6 if begins else 0):
            rest = f"{chance.randrange(1_000_000):06}"
            assert begins + rest == by_the_library(start + rest, region), (start, rest, region)
    assert sure > 2_000
