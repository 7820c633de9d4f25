"""Long lists are judged in columns: the same pairs, scores and decisions as one by one."""

import os

import pytest

from integration.bench import _clerks
from integration.bench.match import write
from integration.matching.bulk.beside import beside
from integration.matching.columns import columns
from integration.matching.engine import Matching
from integration.matching.tables import Table


def found(files, bulk_from, beside_from=10**9):
    matching = Matching(bulk_from=bulk_from, beside_from=beside_from)
    for file in files:
        table = Table(str(file))
        matching.add(table.people(columns(table.header, None)))
    pairs = {(pair.id_a, pair.id_b): (pair.decision, pair.score) for pair in matching.pairs()}
    return pairs, matching.compared


def assert_same(files):
    (at_once, compared), (one_by_one, as_many) = found(files, 0), found(files, 10**9)
    assert at_once.keys() == one_by_one.keys()
    assert compared == as_many
    assert {pair: decision for pair, (decision, _) in at_once.items()} == {
        pair: decision for pair, (decision, _) in one_by_one.items()
    }
    assert all(abs(at_once[pair][1] - score) < 1e-5 for pair, (_, score) in one_by_one.items())
    assert at_once


@pytest.mark.parametrize(
    ("schema", "clerk"),
    [
        ("everything", "astray"),
        ("everything", "office"),
        ("crm", "scanner"),
        ("register", "keyboard"),
        ("names", "abroad"),
        ("voters", "keyboard"),
        ("contacts", "office"),
    ],
)
def test_a_town_judged_in_columns_gives_the_same_pairs(tmp_path, schema, clerk):
    made = _clerks.rows(700, clerk, 31)
    write(tmp_path / "town.csv", made, ("id", *_clerks.SCHEMAS[schema]))
    assert_same([tmp_path / "town.csv"])


def test_two_files_judged_in_columns_give_the_same_pairs(tmp_path):
    made = _clerks.rows(700, "office", 32)
    write(tmp_path / "a.csv", made[:300], ("id", *_clerks.SCHEMAS["everything"]))
    write(tmp_path / "b.csv", made[300:], ("id", *_clerks.SCHEMAS["crm"]))
    assert_same([tmp_path / "a.csv", tmp_path / "b.csv"])


def test_a_second_process_changes_nothing(tmp_path):
    made = _clerks.rows(700, "astray", 33)
    write(tmp_path / "town.csv", made, ("id", *_clerks.SCHEMAS["everything"]))
    assert found([tmp_path / "town.csv"], 0, beside_from=0) == found([tmp_path / "town.csv"], 0)


def test_work_whose_process_dies_is_done_here():
    ours = os.getpid()
    result = beside(lambda: os._exit(1) if os.getpid() != ours else "done")
    assert result() == "done"


def test_work_beside_this_process_is_done_by_another():
    assert beside(os.getpid)() != os.getpid()


HEADER = ("id", "first", "last", "maiden", "born", "address1", "address2", "city", "email", "email2", "phone", "mobile")
HANDS = (
    ("Ann", "Leary", "Byrne", "1984", "12 Quay St", "Flat 2", "Cork", "a.leary@x.ie;info@x.ie", "", "0871234567", ""),
    ("Leary", "Ann", "", "1984-03-12", "Flat 2", "12 Quay Street", "Quay St", "", "a.leary@x.ie", "", "087 123 4567"),
    ("Anne", "Byrne", "", "12.03.1984", "Quay Street 12", "", "Cork", "a.leary+1@x.ie", "", "0871234568", "0871234567"),
    ("A", "O'Leary-Byrne", "", "1984-12-03", "", "", "", "jobs@x.ie", "aleary@x.org", "", ""),
    ("Ludwig", "van der Berg", "", "1951-07-01", "3 Mill Rd", "", "Mill Road", "", "", "0219876543", ""),
    ("", "Ludwig", "", "1951-07-01", "", "", "", "", "", "0219876543", ""),
    ("Ludwig van", "der Berg", "", "1951-08-01", "Mill Rd 3", "Cork", "", "", "", "", ""),
    ("Anna Maria", "Li", "", "1990-01-31", "1 Hill Rd", "", "", "", "", "", ""),
    ("Li Maria", "Anna", "", "1990-01-31", "1 Hill Rd", "", "", "", "", "", ""),
)


def test_what_clerks_do_by_hand_gives_the_same_pairs(tmp_path):
    rows = [(str(number), *row) for number, row in enumerate(HANDS)]
    lines = [",".join(f'"{cell}"' for cell in row) for row in (HEADER, *rows)]
    (tmp_path / "hands.csv").write_text("\n".join(lines))
    assert_same([tmp_path / "hands.csv"])
