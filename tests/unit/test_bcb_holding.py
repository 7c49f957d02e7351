"""What the sandbox holds imported is what the chosen tasks use."""

from __future__ import annotations

import pytest
from pytest_smallbench.benchmarks.bcb_agent.holding import worth_holding
from pytest_smallbench.benchmarks.bcb_agent.images import PRELOAD
from pytest_smallbench.benchmarks.bcb_agent.records import Record


def record(solution: str, test: str = "import unittest") -> Record:
    return Record("Task/1", "", "", solution, "", test, "task_func")


USUAL = ("unittest.mock", "numpy", "numpy.testing")


@pytest.mark.parametrize(
    ("solution", "more"),
    [
        ("import json", ()),
        ("import csv, sqlite3", ("csv", "sqlite3")),
        ("from sklearn.cluster import KMeans", tuple(m for m in PRELOAD if "sklearn" in m)),
        ("import pandas as pd", ("pandas", "pandas.testing")),
    ],
)
def test_what_no_task_names_is_not_held(solution: str, more: tuple[str, ...]) -> None:
    assert set(worth_holding(PRELOAD, [record(solution)])) == {*USUAL, *more}


def test_one_task_is_enough_and_the_tests_count() -> None:
    tasks = [record("import json"), record("pass", "import requests")]
    assert worth_holding(PRELOAD, tasks) == (*USUAL, "requests")


def test_a_module_needs_all_libraries_on_its_way() -> None:
    drawing = [record("import pandas\nimport matplotlib.pyplot as plt")]
    assert "pandas.plotting._matplotlib" in worth_holding(PRELOAD, drawing)


def test_tasks_of_all_domains_hold_everything() -> None:
    libraries = sorted({module.partition(".")[0] for module in PRELOAD})
    assert worth_holding(PRELOAD, [record(f"import {name}") for name in libraries]) == PRELOAD
