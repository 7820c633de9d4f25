"""An LDAP directory as a source of prospects, on ldap3's own server in memory."""

import pytest
from ldap3 import MOCK_SYNC, NONE, Connection, Server
from ldap3.core.exceptions import LDAPSocketOpenError

from integration.adapters.searches import ldap
from integration.adapters.searches.ldap import LdapDirectory, checked_filter
from integration.errors import Rejected, TryAgain
from tests.adapters.search_fixture import access, found, waits

__all__ = ["access", "waits"]
SECRET = {"ldap_url": "ldaps://ldap.example", "ldap_base": "ou=people,dc=example", "ldap_user": "cn=reader,dc=example"}


def directory(app, people=1, password="right", **values):
    """A source whose server holds so many people."""

    def connect(secret):
        connection = Connection(
            Server("ldap.example", get_info=NONE),
            user=secret["ldap_user"],
            password=password,
            client_strategy=MOCK_SYNC,
        )
        add = connection.strategy.add_entry
        add("cn=reader,dc=example", {"userPassword": "right", "sn": "reader", "objectClass": "person"})
        for number in range(people):
            entry = {
                "objectClass": ["person", "inetOrgPerson"],
                "cn": f"Ada Example {number}",
                "givenName": "Ada",
                "sn": f"Example {number}",
                "mail": [f"ada{number}@people.example", "no address"],
                "title": "Nurse",
                "o": "Example Hospital",
                "l": "Cork",
                "co": "Ireland",
                "telephoneNumber": "+353871234567",
                "userPassword": "their own",
                **values,
            }
            add(f"uid=ada{number},ou=people,dc=example", entry)
        return connection

    return LdapDirectory(app.clock, SECRET, connect)


def test_entry_becomes_a_hit_with_provenance(app):
    [hit] = found(directory(app), "(title=Nurse)")
    assert (hit.source, hit.source_id) == ("LDAP directory", "uid=ada0,ou=people,dc=example")
    assert (hit.full_name, hit.first, hit.last) == ("Ada Example 0", "Ada", "Example 0")
    assert (hit.title, hit.employer, hit.location, hit.country) == ("Nurse", "Example Hospital", "Cork, Ireland", "IE")
    assert (hit.emails, hit.phones) == (("ada0@people.example",), ("+353871234567",))
    assert hit.seen_at == app.clock.now().isoformat()
    assert "their own" not in str(hit)


def test_pages_are_read_to_the_end(app, monkeypatch):
    monkeypatch.setattr(ldap, "_PAGE", 10)
    hits = found(directory(app, 35), "(title=Nurse)")
    assert len({hit.source_id for hit in hits}) == 35


def test_no_more_are_taken_than_are_wanted(app, monkeypatch):
    monkeypatch.setattr(ldap, "_PAGE", 10)
    assert len(found(directory(app, 35), "(title=Nurse)", limit=12)) == 12


def test_filter_chooses_people(app):
    assert found(directory(app, 3), "(&(title=Nurse)(cn=Ada Example 2))")[0].last == "Example 2"
    assert found(directory(app, 3), "(title=Midwife)") == []


@pytest.mark.parametrize("wanted", ["(cn=a", "cn=a)(uid=*", "(&(cn=a)", "x", "((", "(cn=a)(sn=b)", "(=a)", "(cn=\\zz)"])
def test_what_is_no_single_filter_is_refused(wanted):
    with pytest.raises(Rejected):
        checked_filter(wanted)


@pytest.mark.parametrize("name", ["userPassword", "ntSecurityDescriptor", "userpassword;binary", "homeDirectory"])
def test_attributes_that_are_nobodys_business_are_not_searched(name):
    with pytest.raises(Rejected) as refused:
        checked_filter(f"(|(cn=a)({name}=*))")
    assert name in refused.value.message


def test_escaped_value_stays_a_value():
    assert checked_filter(r"(cn=\2a\29\28uid=\2a)") == r"(&(objectClass=person)(cn=\2a\29\28uid=\2a))"


def test_wrong_password_is_said_with_its_remedy(app):
    with pytest.raises(Rejected) as refused:
        found(directory(app, password="wrong"), "(title=Nurse)")
    assert "ldap_password" in refused.value.message
    assert "wrong" not in refused.value.message


def test_server_that_does_not_answer_is_asked_again_later(app):
    def connect(secret):
        raise LDAPSocketOpenError("socket connection error while opening: ldap.example with cn=secret")

    with pytest.raises(TryAgain) as again:
        found(LdapDirectory(app.clock, SECRET, connect), "(title=Nurse)")
    assert "secret" not in str(again.value)


@pytest.mark.parametrize(
    ("code", "kind"), [(49, Rejected), (32, Rejected), (50, Rejected), (51, TryAgain), (52, TryAgain), (2, Rejected)]
)
def test_refusals_of_the_server_have_a_meaning(code, kind):
    assert isinstance(ldap.meaning({"result": code, "description": "why"}), kind)


def test_directory_that_is_not_set_up_says_what_is_missing(app):
    with pytest.raises(Rejected) as refused:
        found(LdapDirectory(app.clock, {}), "(title=Nurse)")
    assert "ldap_url and ldap_base" in refused.value.message


@pytest.mark.parametrize("url", ["http://ldap.example", "ldap.example", "ldapi://%2ftmp", ""])
def test_address_that_is_not_of_ldap_is_refused(url):
    with pytest.raises(Rejected):
        ldap.encrypted({**SECRET, "ldap_url": url})


def test_nothing_is_asked_in_plain_text(app, monkeypatch):
    """An ldap:// address begins with STARTTLS; a server that refuses it is not signed in to."""
    asked = []
    monkeypatch.setattr(Connection, "start_tls", lambda self: asked.append("tls") and False)
    monkeypatch.setattr(Connection, "bind", lambda self: asked.append("bind"))
    with pytest.raises(Rejected) as refused:
        found(LdapDirectory(app.clock, {**SECRET, "ldap_url": "ldap://ldap.example"}), "(title=Nurse)")
    assert "STARTTLS" in refused.value.message
    assert asked == ["tls"]
