"""Any bytes can arrive: they are read as far as they can be, or refused in words; nothing breaks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.model.answers import judge
from integration.replies.opening import MOST_BYTES, MOST_PARTS, Unreadable, opened
from tests.unit.inbound import corpus

MIXED = 'multipart/mixed; boundary="b"'


def parts(*bodies):
    return "".join(f"--b\n{body}\n" for body in bodies) + "--b--\n"


def test_headers_and_bodies_are_read_in_their_code_pages():
    body = (
        "Content-Type: text/plain; charset=iso-8859-2\nContent-Transfer-Encoding: base64\n\nWmG/87zmIGfqtmygaqG81g==\n"
    )
    raw = corpus.mail(
        parts(body),
        kind=MIXED,
        who="=?iso-8859-1?Q?J=FCrgen_M=FCller?= <j.mueller@people.example>",
        subject="=?utf-8?B?UmU6IE5ldWVz?=\r\n =?utf-8?Q?_f=C3=BCr_Sie?=",
    )
    mail = opened(raw)
    assert (mail.sender_name, mail.sender) == ("Jürgen Müller", "j.mueller@people.example")
    assert mail.subject == "Re: Neues für Sie"
    assert mail.text.startswith("Zażóź")


@pytest.mark.parametrize("charset", ["unknown-8bit", "x-user-defined", "'utf-8'", "", "utf-7", "\x00", "cp932"])
def test_wrong_code_page_costs_nothing_but_letters(charset):
    raw = corpus.mail("Gr\u00fc\u00dfe", kind=f"text/plain; charset={charset}\r\nContent-Transfer-Encoding: 8bit")
    assert opened(raw).text


def test_quoted_printable_with_broken_ends_is_read():
    raw = corpus.mail(
        "Gr=C3=BC=C3=9Fe =\nweiter =ZZ =",
        kind="text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable",
    )
    assert opened(raw).text.startswith("Grüße weiter")


def test_page_without_text_part_is_read_and_its_quote_is_known():
    page = "<style>p{}</style><p>Yes &amp; no</p><div class='gmail_quote'>remove me</div><script>x</script>"
    mail = opened(corpus.mail(page, kind="text/html; charset=utf-8"))
    assert mail.own_text == "Yes & no"


def test_files_are_kept_up_to_the_limit_and_the_rest_is_named():
    file = 'Content-Type: application/pdf; name=x\nContent-Disposition: attachment; filename="../../cv {}.pdf"\n\n%PDF'
    mail = opened(corpus.mail(parts(*(file.format(number) for number in range(12))), kind=MIXED))
    assert [each.name for each in mail.attachments][:2] == ["cv 0.pdf", "cv 1.pdf"]
    assert (len(mail.attachments), len(mail.left_out)) == (10, 2)


def test_attached_mail_is_a_mail_of_its_own():
    inner = "Content-Type: message/rfc822\n\nFrom: Bea <bea@people.example>\nSubject: CV\n\nI am Bea."
    mail = opened(corpus.mail(parts("Content-Type: text/plain\n\nLook at her", inner), kind=MIXED))
    assert (mail.text, mail.forwarded.sender, mail.forwarded.text) == ("Look at her", "bea@people.example", "I am Bea.")


def test_envelope_comes_before_the_headers():
    assert opened(corpus.mail("x"), ("Hidden@IN.example",)).recipients[:2] == ("hidden@in.example", corpus.TO)


def test_no_header_value_keeps_a_line_end():
    raw = corpus.mail(
        "x", who="=?utf-8?Q?Ada=0D=0ABcc:_evil=40x.example?= <ada@people.example>", subject="=?utf-8?Q?a=0Ab?="
    )
    mail = opened(raw)
    assert not any(sign in mail.sender_name + mail.subject for sign in "\r\n")


def nested(depth):
    text = "x"
    for number in range(depth):
        text = f'Content-Type: multipart/mixed; boundary="n{number}"\r\n\r\n--n{number}\r\n{text}\r\n--n{number}--\r\n'
    return f"From: a@b.example\r\n{text}".encode()


def forwards(depth):
    return ("From: a@b.example\r\nContent-Type: message/rfc822\r\n\r\n" * depth + "\r\nx").encode()


BOMBS = {
    "a header of a megabyte": b"From: a@b.example\r\nSubject: " + b"x" * 1_000_000 + b"\r\n\r\nhello",
    "a megabyte of one header, folded": b"From: a@b.example\r\nTo: " + b"a@b.example,\r\n " * 70_000 + b"\r\n\r\nhello",
    "quotes in a content type": b'From: a@b.example\r\nContent-Type: text/plain; x="'
    + b';"' * 400_000
    + b"\r\n\r\nhello",
    "a hundred thousand headers": b"From: a@b.example\r\n" + b"X: y\r\n" * 100_000 + b"\r\nhello",
    "a thousand parts": corpus.mail(parts(*["Content-Type: text/plain\n\nx"] * 1_000), kind=MIXED),
    "encoded words without end": b"From: a@b.example\r\nSubject: " + b"=?utf-8?Q?" * 90_000 + b"\r\n\r\nhello",
    "parentheses": b"From: " + b"(" * 500_000 + b"\r\n\r\nhello",
    "zero bytes": b"From: a@b.example\r\nSubject: a\0b\r\n\r\nhel\0lo",
    "a part that does not end": corpus.mail("--b\nContent-Type: text/plain\n\nhello", kind=MIXED),
    "no boundary": corpus.mail("hello", kind="multipart/mixed"),
    "base64 that is none": corpus.mail("!!!", kind="text/plain\r\nContent-Transfer-Encoding: base64"),
    "unclosed tags": corpus.mail("<div" * 50_000, kind="text/html"),
    "comments": corpus.mail("<!--" * 50_000, kind="text/html"),
    "nothing": b"",
    "one line": b"hello",
    "noise": bytes(range(256)) * 200,
    "nested 50 deep": nested(50),
    "nested forwards": forwards(40),
}


def outcome(raw):
    """The kind of the mail, or why it was refused; anything else is a bug."""
    try:
        return judge(opened(raw)).kind
    except Unreadable as reason:
        return str(reason)


@pytest.mark.parametrize("name", BOMBS)
def test_bomb_is_read_or_refused(name):
    assert outcome(BOMBS[name])


@pytest.mark.parametrize("raw", [nested(500), b"x" * (MOST_BYTES + 1)])
def test_too_much_is_refused_in_words(raw):
    with pytest.raises(Unreadable, match=r"more than|at most"):
        opened(raw)


def test_deep_chain_of_forwards_never_breaks_the_reader():
    assert outcome(forwards(3_000))


def test_thousand_parts_are_cut_and_it_is_said():
    assert opened(BOMBS["a thousand parts"]).left_out == (f"everything after the first {MOST_PARTS} parts",)


@given(st.binary(max_size=600))
def test_no_bytes_break_the_reader(raw):
    assert outcome(b"From: a@b.example\r\n" + raw)
