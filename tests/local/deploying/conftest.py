"""An org that begins with one object in a folder, and packages made as short texts."""

import io
import json
import re
import zipfile

import pytest

from integration.local.org.app import OrgApp
from integration.local.org.inprocess import session_for
from integration.metadata.read import read
from integration.metadata.schema import Schema
from tests.local.org.conftest import URL, Small

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACE = 'xmlns="http://soap.sforce.com/2006/04/metadata"'
OWN = """    <deploymentStatus>Deployed</deploymentStatus>
    <label>{label}</label>
    <nameField>
        <label>{label} Name</label>
        <type>Text</type>
    </nameField>
    <pluralLabel>{label}s</pluralLabel>
    <sharingModel>ReadWrite</sharingModel>
"""


def field(name, kind="Text", body="<length>40</length>"):
    """One field as it stands in an object of a package: four lines."""
    label = name.removesuffix("__c").replace("_", " ")
    return (
        f"    <fields>\n        <fullName>{name}</fullName><label>{label}</label>\n"
        f"        <type>{kind}</type>{body}\n    </fields>\n"
    )


def rule(name, condition):
    return (
        f"    <validationRules>\n        <fullName>{name}</fullName><active>true</active>\n"
        f"        <errorConditionFormula>{condition}</errorConditionFormula>\n"
        f"        <errorMessage>{name} is broken.</errorMessage>\n    </validationRules>\n"
    )


def an_object(*parts, label="Pool", own=True):
    """An object's file of a package; without `own` only its parts."""
    body = OWN.format(label=label) if own else ""
    return f"{HEAD}<CustomObject {SPACE}>\n{body}{''.join(parts)}</CustomObject>\n"


def manifest(**types):
    entries = "".join(
        f"<types>{''.join(f'<members>{each}</members>' for each in names)}<name>{kind}</name></types>"
        for kind, names in types.items()
    )
    return f"{HEAD}<Package {SPACE}>{entries}<version>63.0</version></Package>"


def zipped(files):
    """Files by name as a zip."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def package(*, destructive=None, **objects):
    """Objects by name as a package that lists them all."""
    files = {f"objects/{name}.object": text for name, text in objects.items()}
    if destructive:
        files["destructiveChanges.xml"] = manifest(**destructive)
    return zipped({**files, "package.xml": manifest(CustomObject=list(objects))})


class Deployable(Small):
    """The org, and how to deploy into it."""

    def deploy(self, data, token=None, **options):
        """The result of a deployment over REST."""
        asked = json.dumps({"deployOptions": {"rollbackOnError": True, **options}})
        parts = {"json": (None, asked, "application/json"), "file": ("package.zip", data, "application/zip")}
        answer = self.call("POST", "metadata/deployRequest", token=token, files=parts)
        assert answer.status_code == 201, answer.text
        return self.call("GET", f"metadata/deployRequest/{answer.json()['id']}?includeDetails=true").json()[
            "deployResult"
        ]

    def failures(self, data, **options):
        """(name, file, line, problem) of each failure of a deployment that must fail."""
        result = self.deploy(data, **options)
        assert result["status"] == "Failed", result
        keys = ("fullName", "fileName", "lineNumber", "problem")
        return [tuple(each[key] for key in keys) for each in result["details"]["componentFailures"]]

    def fields(self, name):
        return {each["name"] for each in getattr(self.sf, name).describe()["fields"]}


def write_folder(folder):
    """A source folder with one object of two fields."""
    place = folder / "objects" / "Pool__c"
    (place / "fields").mkdir(parents=True)
    own = f"{HEAD}<CustomObject {SPACE}>\n{OWN.format(label='Pool')}</CustomObject>\n"
    (place / "Pool__c.object-meta.xml").write_text(own)
    for name, kind, body in (
        ("Code__c", "Text", "<length>40</length>"),
        ("Size__c", "Number", "<precision>5</precision><scale>0</scale>"),
    ):
        inner = re.sub(r"</?fields>", "", field(name, kind, body)).strip()
        text = f"{HEAD}<CustomField {SPACE}>\n        {inner}\n</CustomField>\n"
        (place / "fields" / f"{name}.field-meta.xml").write_text(text)
    return folder


@pytest.fixture
def folder(tmp_path):
    return write_folder(tmp_path / "default")


@pytest.fixture
def served(folder, tmp_path):
    """Opens the org on its database, again and again."""
    opened = []

    def start(schema=None):
        app = OrgApp(schema or read(folder), tmp_path / "org.db", url=URL)
        session = session_for(app, URL)
        opened.append((app, session))
        return Deployable(app, session)

    yield start
    for app, session in opened:
        session.close()
        app.close()


@pytest.fixture
def org(folder):
    app = OrgApp(read(folder), url=URL)
    with session_for(app, URL) as session:
        yield Deployable(app, session)
    app.close()


@pytest.fixture
def bare():
    """An org without any metadata."""
    app = OrgApp(Schema(), url=URL)
    with session_for(app, URL) as session:
        yield Deployable(app, session)
    app.close()
