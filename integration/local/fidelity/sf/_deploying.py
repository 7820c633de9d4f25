"""`sf project`: the product into an org that has nothing of it, then a field more, a field less, and faults."""

from pathlib import Path

from integration.local.fidelity._calls import Calls, holds, same
from integration.local.fidelity.sf._cli import ALIAS, Cli

DEPLOYING: Calls[Cli] = Calls()
FAULTS: Calls[Cli] = Calls()
_START = ("project", "deploy", "start", "--ignore-conflicts")
_OVER_REST = {"SF_ORG_METADATA_REST_DEPLOY": "true"}
_FIELDS = "main/default/objects/Tag__c/fields"


@DEPLOYING("project convert source")
def _convert(sf: Cli) -> None:
    target = sf.folder / "converted"
    done = sf.run("project", "convert", "source", "--output-dir", str(target))
    holds(done.returncode == 0, done.stderr[-300:])
    holds((target / "objects" / "Tag__c.object").exists(), "there is no objects/Tag__c.object")


@DEPLOYING("project deploy start --dry-run")
def _dry_run(sf: Cli) -> None:
    told = sf.result(*_START, "--dry-run", "--source-dir", "main/default")
    same((told["status"], told["checkOnly"]), ("Succeeded", True))
    holds("Tag__c" not in sf.result("sobject", "list", "--sobject", "custom"), "Tag__c is there after a dry run")


@DEPLOYING("project deploy start")
def _deploy(sf: Cli) -> None:
    told = sf.result(*_START, "--source-dir", "main/default")
    same((told["status"], told["numberComponentErrors"]), ("Succeeded", 0))
    files = list((sf.project / "main/default").rglob("*-meta.xml"))
    same(told["numberComponentsDeployed"], len(files), "components")
    same({each["state"] for each in told["files"]}, {"Created"})


@DEPLOYING("project deploy start (again)")
def _deploy_again(sf: Cli) -> None:
    told = sf.result(*_START, "--source-dir", "main/default/objects/Tag__c", **_OVER_REST)
    same({each["state"] for each in told["files"]}, {"Unchanged"})


@DEPLOYING("project deploy report")
def _report(sf: Cli) -> None:
    told = sf.result("project", "deploy", "report", "--use-most-recent")
    same((told["status"], told["done"]), ("Succeeded", True))


@FAULTS("project deploy start (a field more, over REST)")
def _new_field(sf: Cli) -> None:
    key = "Key__c = 'kept'"
    sf.result("data", "create", "record", "--sobject", "Tag__c", "--values", "Name=Kept Key__c=kept")
    sf.field("Colour__c")
    told = sf.result(*_START, "--source-dir", f"{_FIELDS}/Colour__c.field-meta.xml", **_OVER_REST)
    same([(each["fullName"], each["state"]) for each in told["files"]], [("Tag__c.Colour__c", "Created")])
    same(sf.rows(f"SELECT Name, Key__c, Colour__c FROM Tag__c WHERE {key}"), [_row(None)])
    sf.result("data", "update", "record", "--sobject", "Tag__c", "--where", "Key__c=kept", "--values", "Colour__c=red")
    same(sf.rows(f"SELECT Name, Key__c, Colour__c FROM Tag__c WHERE {key}"), [_row("red")])


def _row(colour: str | None) -> dict[str, str | None]:
    return {"Name": "Kept", "Key__c": "kept", "Colour__c": colour}


@FAULTS("project retrieve start")
def _retrieve(sf: Cli) -> None:
    path = sf.project / _FIELDS / "Colour__c.field-meta.xml"
    path.write_text(path.read_text().replace("Colour<", "Other<"))
    sf.result("project", "retrieve", "start", "--metadata", "CustomField:Tag__c.Colour__c", "--ignore-conflicts")
    holds("<label>Colour</label>" in path.read_text(), "the field did not come back as it is in the org")


@FAULTS("project delete source")
def _delete_field(sf: Cli) -> None:
    sf.result("project", "delete", "source", "--metadata", "CustomField:Tag__c.Colour__c", "--no-prompt")
    names = {each["name"] for each in sf.result("sobject", "describe", "--sobject", "Tag__c")["fields"]}
    holds("Colour__c" not in names, "Colour__c is still there")


def _line(sf: Cli, path: Path) -> int:
    """Where the fault stands in what is sent: the command line makes one file of an object and its fields."""
    target = sf.folder / "faulty"
    sf.run("project", "convert", "source", "--source-dir", str(path), "--output-dir", str(target))
    text = (target / "objects" / "Tag__c.object").read_text()
    return text[: text.index("Nonsense")].count("\n") + 1


@FAULTS("project deploy start (faults, --json)")
def _faults_as_json(sf: Cli) -> None:
    path = sf.field("Odd__c", kind="Nonsense")
    line = _line(sf, path)
    try:
        said = sf.answered(*_START, "--source-dir", str(path), "--target-org", ALIAS, **_OVER_REST)
    finally:
        path.unlink()
    same(said["status"], 1)
    (failed,) = (each for each in said["result"]["files"] if each["state"] == "Failed")
    same((failed["fullName"], failed["lineNumber"]), ("Tag__c.Odd__c", line))
    holds("'Nonsense' is not one of" in failed["error"], failed["error"])


@FAULTS("project deploy start (faults, as a table)")
def _faults_as_table(sf: Cli) -> None:
    path = sf.field("Odd__c", kind="Nonsense")
    line = _line(sf, path)
    try:
        done = sf.run(*_START, "--source-dir", str(path), "--target-org", ALIAS)
    finally:
        path.unlink()
    same(done.returncode, 1)
    shown = done.stdout + done.stderr
    missing = [
        each for each in ("Tag__c.Odd__c", "'Nonsense' is not", "Component Failures", f"{line}:1") if each not in shown
    ]
    holds(not missing, f"{missing} not in {shown[-800:]}")
