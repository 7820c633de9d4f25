"""Plays an import from an attached file to its end, as the handlers would."""

from integration.ports import Queue
from integration.prospecting import imports
from integration.records import CandidateImport, TalentPool
from tests.app_fixture import app_queue_messages

COUNTS = (
    CandidateImport.ROWS,
    CandidateImport.CREATED,
    CandidateImport.UPDATED,
    CandidateImport.MERGED,
    CandidateImport.REJECTED,
)


def new_import(app, data, name="people.csv", **values):
    record = app.salesforce.create(CandidateImport.API_NAME, {"Name": "A list", **values})
    app.salesforce.attach_file(record, name, data.encode() if isinstance(data, str) else data)
    return record


def new_pool(app, name="Bench", kind="Static", **values):
    return app.salesforce.create(TalentPool.API_NAME, {"Name": name, "Kind__c": kind, **values})


def run(app, import_id):
    """Load and every chunk, those that the chunks queue included; then the import's counts."""
    imports.load(app, import_id)
    work(app)
    return counts(app, import_id)


def work(app):
    while messages := app_queue_messages(app, Queue.IMPORTS):
        for message in messages:
            imports.work(app, message["import_id"], message["load"], message["chunk"])


def load(app, data, **values):
    """(rows, created, updated, merged, rejected), message of a file loaded by a new import."""
    import_id = new_import(app, data, **values)
    return run(app, import_id), message(app, import_id)


def counts(app, import_id):
    row = app.salesforce.get(CandidateImport.API_NAME, import_id, COUNTS)
    return tuple(int(row[name] or 0) for name in COUNTS)


def field(app, import_id, name):
    return app.salesforce.get(CandidateImport.API_NAME, import_id, [name])[name]


def message(app, import_id):
    return field(app, import_id, CandidateImport.MESSAGE)


def rejects(app, import_id):
    """The file of rejected rows, as text."""
    version, _ = app.salesforce.attached_file(import_id)
    return b"".join(app.salesforce.read_file(version)).decode("utf-8-sig")
