"""What an import does to the org while it works: it tells how far it is, and writes nothing that is there already."""

import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from integration.prospecting import imports
from integration.prospecting.imports.places import load_of
from integration.prospecting.imports.progress import Progress
from integration.records import Candidate, CandidateImport, ContactPoint, PoolMembership
from integration.soql import select
from tests.unit.people.importing import counts, load, new_import, new_pool, run, work

HEADER = "First name,Last name,E-mail,Phone\n"
STARTED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WRITES = ("create", "update", "create_many", "update_many", "upsert_many", "delete_many", "attach_file")


class Watched:
    """The org, each call of which takes its time; remembers what was written and when."""

    def __init__(self, app, seconds):
        self._org, self._clock, self._seconds = app.salesforce, app.clock, seconds
        self.writes = []

    def __getattr__(self, name):
        call = getattr(self._org, name)
        if not callable(call):
            return call

        def called(*given, **named):
            self._clock.move(seconds=self._seconds)
            if name in WRITES:
                self.writes.append((self._clock.now(), name, *given))
            return call(*given, **named)

        return called

    def told(self):
        """(time, values) of each update of the import's record."""
        return [
            (at, given[2]) for at, name, *given in self.writes if name == "update" and given[0] == "Candidate_Import__c"
        ]


class WorkClock:
    """The time that this process has worked, and what the calls to the org took: no loaded machine stretches it."""

    def __init__(self):
        self._began, self._waited = time.process_time(), 0.0

    def now(self):
        return STARTED + timedelta(seconds=time.process_time() - self._began + self._waited)

    def move(self, seconds):
        self._waited += seconds


def people(count):
    return HEADER + "".join(f"P{n},Q,p{n}@a.example,+35386{n:07}\n" for n in range(count))


def test_the_record_is_told_how_far_the_load_is_at_least_every_two_seconds(app):
    import_id = new_import(app, people(1_450))
    app.salesforce = watched = Watched(app, 0.2)  # what a call to Salesforce takes
    imports.load(app, import_id)
    started = app.clock.now()
    work(app)
    times = [started, *(at for at, _ in watched.told() if at > started)]
    assert max(later - at for at, later in pairwise(times)) <= timedelta(seconds=2)
    texts = [str(values.get(CandidateImport.MESSAGE)) for _, values in watched.told()]
    assert any("of 1,450 rows (" in text and "rows a second, about" in text for text in texts)
    percents = [values[CandidateImport.PROGRESS] for _, values in watched.told() if CandidateImport.PROGRESS in values]
    assert percents == sorted(percents)
    assert percents[-1] == 100


def test_by_the_time_that_real_work_takes_the_record_moves_every_two_seconds(app):
    """From the command to the end: reading, every slice and chunk, the repeats, the file of rejected rows."""
    bad = "".join(f"P{n},Q,bad@@a.example,\n" for n in range(300))
    import_id = new_import(app, people(2_300) + people(200).removeprefix(HEADER) + bad, Pool__c=new_pool(app))
    app.clock = WorkClock()
    app.salesforce = watched = Watched(app, 0.05)
    started = app.clock.now()
    assert run(app, import_id) == (2_800, 2_300, 0, 200, 300)
    times = [started, *(at for at, _ in watched.told())]
    assert len(times) > 8
    assert max(later - at for at, later in pairwise(times)) <= timedelta(seconds=2)


def test_the_record_is_told_how_far_the_reading_is(app):
    import_id = new_import(app, people(40_000))
    read = app.data.stream

    def slowly(key):
        for piece in read(key):
            app.clock.move(seconds=0.2)
            yield piece

    app.data.stream = slowly
    app.salesforce = watched = Watched(app, 0.05)
    imports.load(app, import_id)
    texts = [str(values.get(CandidateImport.MESSAGE, "")) for _, values in watched.told()]
    reading = [text for text in texts if text.startswith("Reading “people.csv”: ")]
    assert len(reading) >= 1
    assert all("rows so far (" in text for text in reading)
    times = [at for at, _ in watched.told()]
    assert max(later - at for at, later in pairwise(times)) <= timedelta(seconds=2)


def test_b23_the_same_file_again_writes_nothing_but_the_record_of_the_import(app):
    data, pool = people(300), new_pool(app)
    load(app, data, Pool__c=pool)
    before = standing(app)
    import_id = new_import(app, data, Pool__c=pool)
    app.salesforce = watched = Watched(app, 0)
    assert run(app, import_id) == (300, 0, 300, 0, 0)
    touched = {(name, given[0]) for _, name, *given in watched.writes}
    assert {object_name for _, object_name in touched} <= {"Candidate_Import__c", "Talent_Pool__c"}
    assert standing(app) == before


def standing(app):
    return [
        sorted(map(str, app.salesforce.query(select(name, ["Id", "SystemModstamp"]))))
        for name in (Candidate.API_NAME, ContactPoint.API_NAME, PoolMembership.API_NAME)
    ]


def test_older_words_never_stand_behind_the_end(app):
    """A worker that was slow, or whose message came twice, may tell a progress after the load has ended."""
    import_id = new_import(app, people(10))
    run(app, import_id)
    ended = counts(app, import_id)
    Progress(app, load_of(app, import_id)).tell(3, app.clock.now())
    row = app.salesforce.get(CandidateImport.API_NAME, import_id, [CandidateImport.PROGRESS, CandidateImport.MESSAGE])
    assert row[CandidateImport.PROGRESS] == 100
    assert str(row[CandidateImport.MESSAGE]).startswith("10 rows: 10 created")
    assert counts(app, import_id) == ended
