"""The published database tasks: every label resolves, every hash but one is reproduced."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from agentbench_worlds import agrees, host, judged_after_reference, opened, published_data
from pytest_smallbench.benchmarks.agentbench.environments.database.published import read
from pytest_smallbench.benchmarks.agentbench.worlds import Record

from pytest_smallbench.errors import UsageMistake

IRREPRODUCIBLE = "db/standard-225"
"""Its recorded hash is not that of its reference SQL (specification, section 2)."""


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return list(read(published_data()))


def test_all_are_read_in_natural_order(records: list[Record]) -> None:
    assert len(records) == 260
    assert (records[0].id, records[0].split) == ("db/dev-000", "dev")
    assert (records[-1].id, records[-1].split) == ("db/standard-298", "test")


def test_gold_is_resolved_and_the_substring_rule_agrees(records: list[Record]) -> None:
    missed = []
    for record in records:
        verdict = judged_after_reference(record, host(published_data()))
        if not (verdict.resolved and agrees(record, verdict)):
            missed.append(record.id)
    assert missed == [IRREPRODUCIBLE]


def test_doing_nothing_resolves_none(records: list[Record]) -> None:
    for record in records:
        with opened(record) as world:
            assert not world.judge(record.expected_output).resolved, record.id


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"question": None}, r"db_dev.jsonl:2: field 'question'"),
        ({"table": None}, r"db_dev.jsonl:2: field 'table'"),
        ({"answer": 7}, r"db_dev.jsonl:2: field 'answer'"),
        ({"id": 7}, r"db_dev.jsonl:2: field 'id'"),
    ],
)
def test_a_broken_record_is_named(tmp_path: Path, change: dict[str, object], message: str) -> None:
    table = {"name": "t", "columns": ["a"], "rows": [["1"]]}
    good = {"id": "db-dev-1", "question": "?", "type": "other", "table": table, "answer": ["1"]}
    lines = [json.dumps(good), json.dumps({**good, **change})]
    (tmp_path / "db_dev.jsonl").write_text("\n".join(lines))
    with pytest.raises(UsageMistake, match=message):
        list(read(tmp_path))
