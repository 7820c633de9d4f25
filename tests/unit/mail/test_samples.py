"""Each example mail, to the longest and the emptiest candidate, as the strictest parser reads it."""

import email
import email.policy

import pytest

from integration.messages.compiling import CLIPPED_AT
from tests.unit.mail.samples import NAMES, PEOPLE, sample, written

HEADERS = {
    "mime-version",
    "from",
    "to",
    "subject",
    "date",
    "content-type",
    "reply-to",
    "references",
    "list-unsubscribe",
    "list-unsubscribe-post",
}
POLICIES = {"strict": email.policy.strict, "smtp": email.policy.SMTP}
LONGEST_LINE = 998
LONGEST_ENCODED = 76


def bodies(mail):
    return [part for part in mail.walk() if not part.is_multipart()]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("person", PEOPLE)
def test_example_is_a_mail_without_defects(name, person):
    raw = written(sample(name), person)
    for policy in POLICIES.values():
        mail = email.message_from_bytes(raw, policy=policy)
        assert not mail.defects
        assert {header.lower() for header in mail} <= HEADERS
        assert not [defect for value in mail.values() for defect in getattr(value, "defects", ())]
        assert not [defect for part in bodies(mail) for defect in part.defects]
    assert len(mail.get_all("To")) == 1
    assert [address.addr_spec for address in mail["To"].addresses] == ["somebody@people.example"]
    assert "Bcc" not in mail
    assert "Cc" not in mail


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("person", PEOPLE)
def test_no_line_of_an_example_is_too_long(name, person):
    raw = written(sample(name), person)
    head, _, body = raw.partition(b"\r\n\r\n")
    assert max(map(len, head.split(b"\r\n"))) <= LONGEST_LINE
    assert max(map(len, body.split(b"\r\n"))) <= LONGEST_ENCODED
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("person", PEOPLE)
def test_example_says_who_writes_and_how_to_leave(name, person):
    mail = email.message_from_bytes(written(sample(name), person), policy=email.policy.default)
    page, text = (mail.get_body((kind,)).get_content() for kind in ("html", "plain"))
    assert len(page.encode()) < CLIPPED_AT
    assert mail["Subject"].strip()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for part in (page, text):
        assert "/u/v1.k1." in part
        assert "1 Mill Lane" in part
        assert "None" not in part
        assert "{{" not in part
        assert "{%" not in part
