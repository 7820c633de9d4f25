"""The users that every org has."""

from integration.local.org.app import OrgApp
from integration.local.org.signin.users import SEATS
from tests.local.org.conftest import SMALL

SETS = {
    "admin": "Warmbench_Recruiting_Admin",
    "integration": "Warmbench_Integration",
    "recruiter": "Warmbench_Recruiter",
    "manager": "Warmbench_Recruiting_Manager",
    "viewer": "Warmbench_Recruiting_Viewer",
}


def test_every_audience_has_a_seat_with_its_permission_set(org):
    rows = org.rows("SELECT Assignee.Username, PermissionSet.Name FROM PermissionSetAssignment")
    assigned = {row["Assignee"]["Username"]: row["PermissionSet"]["Name"] for row in rows}
    assert assigned == {f"{kind}@warmbench.local": name for kind, name in SETS.items()}


def test_every_seat_can_sign_in(org):
    for kind in SETS:
        found = org.client(kind).query(f"SELECT Username FROM User WHERE Id = '{org.app.user(kind).id}'")["records"]
        assert [each["Username"] for each in found] == [f"{kind}@warmbench.local"]


def test_seats_of_the_same_profile_share_it(org):
    assert len(org.rows("SELECT Id FROM Profile WHERE Name = 'Standard User'")) == 1


def test_an_older_database_gets_the_new_seats(tmp_path):
    older = OrgApp(SMALL, tmp_path / "org.db")
    with older.store.writing() as connection:
        connection.execute("DELETE FROM User WHERE Username IN ('manager@warmbench.local', 'viewer@warmbench.local')")
    recruiter = older.user("recruiter").id
    older.close()
    newer = OrgApp(SMALL, tmp_path / "org.db")
    try:
        assert newer.user("recruiter").id == recruiter
        assert newer.user("viewer").name == "Demo Viewer"
        with newer.store.reading() as connection:
            assert connection.execute("SELECT COUNT(*) FROM User").fetchone()[0] == len(SEATS)
    finally:
        newer.close()
