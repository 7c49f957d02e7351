"""When committed answers equal a label, and the hash of tables."""

from __future__ import annotations

import hashlib

import pytest
from pytest_smallbench.benchmarks.agentbench.environments.database.grading import same_answer
from pytest_smallbench.benchmarks.agentbench.environments.database.table_hash import (
    table_hash,
    tables_hash,
)


@pytest.mark.parametrize(
    ("committed", "label"),
    [
        (["7"], ["7.0"]),
        (["7.009"], ["7"]),
        (["1,234"], ["1234"]),
        (["12%"], ["12"]),
        (["'Giza'"], ["Giza"]),
        ([" Giza "], ["Giza"]),
        (["NULL"], ["none"]),
        ([""], ["0"]),
        (["2", "1"], ["1.0", "2.004"]),
        (["b", "a", "a"], ["a", "b"]),
        (["1", "x"], ["x", "1"]),
    ],
)
def test_the_same_answer(committed: list[str], label: list[str]) -> None:
    assert same_answer(committed, label)


@pytest.mark.parametrize(
    ("committed", "label"),
    [
        (["17"], ["7"]),
        (["7.02"], ["7"]),
        (["giza"], ["Giza"]),
        ([], ["none"]),
        (["1", "1"], ["1"]),
        (["1", "2", "2"], ["1", "2"]),
        (["1", "1"], ["1", "2"]),
        (["a"], ["a", "b"]),
        (["inf"], ["1"]),
        (["1e999"], ["2e999"]),
        (["__import__('os')"], ["7"]),
        (["x" * 1_000_000], ["x"]),
    ],
)
def test_another_answer(committed: list[str], label: list[str]) -> None:
    assert not same_answer(committed, label)


def test_the_hash_is_that_of_the_published_query() -> None:
    # md5(group_concat(left(md5(concat_ws(',', ...)), 5) order by ...)), by hand for one row
    part = hashlib.md5(b"a,b").hexdigest()[:5]
    assert table_hash([("a", None, "b")]) == hashlib.md5(part.encode()).hexdigest()


def test_the_order_of_rows_does_not_matter_but_their_number_does() -> None:
    rows = [("a", "1"), ("b", "2"), ("b", "2")]
    assert table_hash(rows) == table_hash(reversed(rows))
    assert table_hash(rows) != table_hash(rows[:2])


def test_group_concat_is_cut_at_1024_bytes() -> None:
    rows = [(str(number),) for number in range(400)]
    shown = sorted(hashlib.md5(row[0].encode()).hexdigest()[:5] for row in rows)
    expected = hashlib.md5(",".join(shown).encode()[:1024]).hexdigest()
    assert table_hash(rows) == expected


def test_several_tables_are_joined_in_the_order_of_their_hashes() -> None:
    one, two = [("a",)], [("b",)]
    assert tables_hash([one, two]) == tables_hash([two, one])
    assert set(tables_hash([one, two]).split("_")) == {table_hash(one), table_hash(two)}
