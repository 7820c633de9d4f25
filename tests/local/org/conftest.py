"""An org of two small objects of its own, so that these tests do not change with the product's metadata."""

import pytest
from simple_salesforce import Salesforce

from integration.local.org.app import OrgApp
from integration.local.org.inprocess import session_for
from integration.metadata.schema import (
    Field,
    FieldAccess,
    ObjectAccess,
    ObjectType,
    PermissionSet,
    PicklistValue,
    Schema,
    ValidationRule,
)

URL = "http://small.warmbench.test"


def object_type(name, fields, *, rules=(), name_type="Text", name_format="", is_event=False):
    label = name.removesuffix("__c").removesuffix("__e").replace("_", " ")
    return ObjectType(
        name=name,
        label=label,
        plural=f"{label}s",
        description="",
        name_label=f"{label} Name",
        name_type=name_type,
        name_format=name_format,
        sharing="ReadWrite",
        is_event=is_event,
        history=False,
        activities=False,
        fields={field.name: field for field in fields},
        rules=tuple(rules),
        searchable=name in ("Pool__c", "Member__c"),
    )


def choices(*names, default=""):
    return tuple(PicklistValue(name, name, name == default) for name in names)


POOL = object_type(
    "Pool__c",
    [
        Field("Key__c", "Key", "Text", length=20, unique=True, external_id=True),
        Field("Code__c", "Code", "Text", length=20, unique=True, case_sensitive=True),
        Field("Legacy__c", "Legacy", "Text", length=20, external_id=True),
        Field("Kind__c", "Kind", "Picklist", restricted=True, picklist=choices("Static", "Dynamic", default="Static")),
        Field("Tags__c", "Tags", "MultiselectPicklist", restricted=True, picklist=choices("Red", "Blue", "Green")),
        Field("Colour__c", "Colour", "Picklist", picklist=choices("Red")),
        Field("Size__c", "Size", "Number", precision=5, scale=2),
        Field("Open__c", "Open", "Checkbox", default="true"),
        Field("Closes_On__c", "Closes On", "Date", default="TODAY() + 7"),
        Field("Seen_At__c", "Seen At", "DateTime"),
        Field("From__c", "From", "Time"),
        Field("Mail__c", "Mail", "Email"),
        Field("Site__c", "Site", "Url"),
        Field("Text__c", "Text", "LongTextArea", length=1000),
        Field("Geo__c", "Geo", "Location", scale=5),
        Field("Parent__c", "Parent", "Lookup", reference_to="Pool__c", relationship_name="Children"),
        Field("Label__c", "Label", "Text", formula='Name & " (" & TEXT(Kind__c) & ")"'),
    ],
    rules=[
        ValidationRule("Small", "Size__c > 100 && NOT($Permission.May_Be_Large)", "Keep it small.", "Size__c"),
        ValidationRule("Kept", "ISCHANGED(Code__c) && NOT(ISBLANK(PRIORVALUE(Code__c)))", "The code stays."),
    ],
)
MEMBER = object_type(
    "Member__c",
    [
        Field("Pool__c", "Pool", "MasterDetail", reference_to="Pool__c", relationship_name="Members"),
        Field("Key__c", "Key", "Text", length=20, unique=True, external_id=True),
        Field("Note__c", "Note", "Text", length=10, required=True),
    ],
    name_type="AutoNumber",
    name_format="M-{0000}",
)
GUARD = object_type(
    "Guard__c",
    [
        Field(
            "Pool__c",
            "Pool",
            "Lookup",
            reference_to="Pool__c",
            relationship_name="Guards",
            delete_constraint="Restrict",
        ),
        Field(
            "Home__c", "Home", "Lookup", reference_to="Pool__c", relationship_name="Homes", delete_constraint="Cascade"
        ),
    ],
)
CHANGED = object_type("Changed__e", [Field("Record__c", "Record", "Text", length=18, required=True)], is_event=True)
OBJECTS = (POOL, MEMBER, GUARD, CHANGED)


def granted(letters):
    """Object rights by initial: Create, Read, Edit, Delete, View all, Modify all."""
    return ObjectAccess(*(letter in letters for letter in "CREDVM"))


def permission_set(name, objects, *, readable=(), editable=(), permissions=()):
    """What `objects` says in letters; fields by `Object__c.Field__c`."""
    fields = {name: FieldAccess(True, False) for name in readable} | {
        name: FieldAccess(True, True) for name in editable
    }
    letters = {name: granted(each) for name, each in objects.items()}
    return PermissionSet(name, name, letters, fields, frozenset(), frozenset(permissions))


def everything(name):
    """A permission set that closes nothing."""
    fields = [f"{each.name}.{field}" for each in OBJECTS for field in each.fields]
    return permission_set(name, {each.name: "CREDVM" for each in OBJECTS}, editable=fields)


SMALL = Schema(
    objects={each.name: each for each in OBJECTS},
    permission_sets={name: everything(name) for name in ("Warmbench_Recruiter", "Warmbench_Integration")},
)


class Small:
    """The org and ways in."""

    def __init__(self, app, session):
        self.app = app
        self.url = app.url
        self.session = session
        self.token = app.issue_token("admin")
        self.sf = self.client("admin")

    def client(self, kind, version="62.0"):
        token = self.app.issue_token(kind)
        return Salesforce(instance_url=self.url, session_id=token, session=self.session, version=version)

    def call(self, method, path, token=None, **options):
        """A raw request below /services/data/v62.0/, or anywhere with a path that begins with a slash."""
        address = path if path.startswith("/") else f"/services/data/v62.0/{path}"
        headers = {"Authorization": f"Bearer {token or self.token}"} | options.pop("headers", {})
        return self.session.request(method, self.url + address, headers=headers, **options)

    def refusal(self, object_name, values):
        """(code, message, fields) of a create that is refused."""
        answer = self.call("POST", f"sobjects/{object_name}", json=values)
        assert answer.status_code == 400, answer.text
        (error,) = answer.json()
        return error["errorCode"], error["message"], error.get("fields")

    def value(self, field, values):
        """What a field of a new pool holds afterwards."""
        return self.sf.Pool__c.get(self.sf.Pool__c.create(values)["id"])[field]


@pytest.fixture(scope="module")
def small_template():
    template = OrgApp(SMALL, url=URL)
    yield template
    template.close()


@pytest.fixture
def small(small_template):
    app = OrgApp(SMALL, url=URL, template=small_template, faults=True)
    with session_for(app, URL) as session:
        yield Small(app, session)
    app.close()


@pytest.fixture
def guarded():
    """The same objects behind permission sets, with one pool and its guard."""
    from tests.local.org.rights import GUARDED

    app = OrgApp(GUARDED, url=URL)
    with session_for(app, URL) as session:
        under_test = Small(app, session)
        under_test.pool = under_test.sf.Pool__c.create({"Name": "North"})["id"]
        under_test.guard = under_test.sf.Guard__c.create({"Pool__c": under_test.pool})["id"]
        yield under_test
    app.close()
