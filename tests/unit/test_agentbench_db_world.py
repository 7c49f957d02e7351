"""A database task as an agent meets it, and its verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from agentbench_worlds import arguments, generated, opened, played
from pytest_smallbench.benchmarks.agentbench.environments.database.problem import problem_of
from pytest_smallbench.benchmarks.agentbench.environments.database.published import (
    expected_output,
)
from pytest_smallbench.benchmarks.agentbench.worlds import Record

from pytest_smallbench.errors import GradingError, UsageMistake

TABLE = {"name": "t", "columns": ["Name", "Size"], "rows": [["Ann", "1"], ["Bo", None]]}
QUESTION = {"type": "other", "table": TABLE, "answer": ["1.0"], "table_hint": "t(Name, Size)"}
CHANGE = {
    "type": "UPDATE",
    "table": TABLE,
    "gold_sql": ["UPDATE `t` SET `Size` = '2' WHERE Name = 'bo'"],
}


def record(data: dict[str, Any], **fields: Any) -> Record:
    return Record("db/x-1", "db", "Which size has Ann?", "1.0", data, **fields)


def test_the_agent_reads_rules_hint_and_question_in_that_order() -> None:
    with opened(record({**QUESTION, "evidence": "sizes are small"})) as world:
        text = world.observe()
    places = [text.index(part) for part in ("execute_sql", "sizes are", "t(Name", "Which size")]
    assert places == sorted(places)


def test_the_references_calls_fit_the_tools_schemas() -> None:
    with opened(record(CHANGE)) as world:
        schemas = {tool.name: tool.parameters for tool in world.tools}
        for call in world.reference():
            jsonschema.validate(arguments(call), schemas[call.name])


def test_a_committed_answer_ends_the_task_and_is_judged() -> None:
    with opened(record(QUESTION)) as world:
        assert not world.judge("1.0").resolved
        said = world.call("commit_final_answer", {"answers": ["1"]})
        verdict = world.judge(None)
    assert said.done
    assert (verdict.resolved, verdict.score, verdict.line) == (True, 1.0, "1.0")


def test_a_wrong_answer_is_shown_as_it_was_committed() -> None:
    with opened(record(QUESTION)) as world:
        world.call("commit_final_answer", {"answers": ["2", "3"]})
        verdict = world.judge(None)
    assert (verdict.resolved, verdict.line) == (False, "2, 3")


def test_a_change_is_judged_by_the_tables_whatever_is_committed() -> None:
    with opened(record(CHANGE)) as world:
        assert not world.judge("2").resolved
        world.call("execute_sql", {"query": "UPDATE t SET Size = 2 WHERE Size IS NULL"})
        verdict = world.judge(None)
    assert verdict.resolved
    assert verdict.line.startswith("table-hash:")


def test_the_same_change_of_another_row_is_wrong() -> None:
    with opened(record(CHANGE)) as world:
        world.call("execute_sql", {"query": "UPDATE t SET Size = 2 WHERE Name = 'Ann'"})
        assert not world.judge(None).resolved


def test_a_table_that_is_gone_is_unresolved() -> None:
    with opened(record(CHANGE)) as world:
        world.call("execute_sql", {"query": "DROP TABLE t"})
        verdict = world.judge(None)
    assert not verdict.resolved
    assert "cannot be read" in verdict.explanation


def test_restore_brings_back_tables_and_answer() -> None:
    query = {"query": "SELECT * FROM t"}
    with opened(record(QUESTION)) as world:
        before = world.call("execute_sql", query)
        saved = world.snapshot()
        played(world, world.reference())
        world.call("execute_sql", {"query": "DELETE FROM t"})
        world.restore(saved)
        assert world.call("execute_sql", query) == before
        assert not world.judge(None).resolved


def test_after_restore_the_same_calls_say_the_same() -> None:
    calls = [
        "INSERT INTO t (Name) VALUES ('c')",
        "SELECT RAND(), NOW(), t.* FROM t",
        "SELECT nope FROM t",
        "SELECT Name FROM t ORDER BY RAND()",
    ]
    with opened(record(QUESTION)) as world:
        saved = world.snapshot()
        first = [world.call("execute_sql", {"query": sql}) for sql in calls]
        world.restore(saved)
        assert [world.call("execute_sql", {"query": sql}) for sql in calls] == first


def test_control_characters_do_not_come_back() -> None:
    with opened(record(QUESTION)) as world:
        said = world.call("execute_sql", {"query": "SELECT \x1b[31m\x07 FROM t"})
    assert "\x1b" not in said.text
    assert "1064" in said.text


def test_a_record_without_fields_is_an_empty_database() -> None:
    with opened(record({})) as world:
        assert world.call("execute_sql", {"query": "SHOW TABLES"}).text == "[]"
        world.call("commit_final_answer", {"answers": ["7"]})
        verdict = world.judge("7")
    assert not verdict.resolved
    assert "no label" in verdict.explanation


def test_gold_that_does_not_run_is_nobodys_failure() -> None:
    broken = record({**CHANGE, "gold_sql": ["UPDATE nope SET a = 1"]})
    with opened(broken) as world, pytest.raises(GradingError, match="db/x-1: gold_sql"):
        world.judge(None)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"table": "t"}, "'table'"),
        ({"table": {**TABLE, "name": ""}}, "'table.name'"),
        ({"table": {**TABLE, "columns": ["a", "A"]}}, "'table.columns'"),
        ({"table": {**TABLE, "rows": [["a"]]}}, "'table.rows'"),
        ({"answer": None}, "'answer'"),
        ({"answer": [["a"]]}, "'answer'"),
        ({"type": 3}, "'type'"),
        ({"type": "INSERT"}, "'gold_sql'"),
        ({"tables": [TABLE, TABLE]}, "'tables'"),
    ],
)
def test_a_broken_record_is_named(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(UsageMistake, match=f"file:3.*{field}"):
        problem_of({**QUESTION, **wrong}, "file:3")


def test_the_expected_line_of_a_change_needs_a_recorded_hash() -> None:
    assert expected_output(problem_of(CHANGE, "x")) is None
    recorded = problem_of({**CHANGE, "recorded_md5": "ab"}, "x")
    assert expected_output(recorded) == "table-hash:ab"


def test_a_recorded_hash_counts_more_than_the_reference() -> None:
    task = generated("db", 1, 0)
    other = replace(task, data={**CHANGE, "recorded_md5": "ab"})
    with opened(other) as world:
        played(world, world.reference())
        assert not world.judge(None).resolved
