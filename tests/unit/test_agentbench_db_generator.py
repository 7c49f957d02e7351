"""Generated database tasks: solvable by their reference, by nothing less, the same everywhere."""

from __future__ import annotations

import pytest
from agentbench_worlds import agrees, generated, judged_after_reference, opened, transcripts
from pytest_smallbench.benchmarks.agentbench.generators.database import TYPES
from pytest_smallbench.benchmarks.agentbench.worlds import Record

SEEDS = (0, 1, 2)


@pytest.fixture(scope="module", params=SEEDS)
def tasks(request: pytest.FixtureRequest) -> list[Record]:
    return [generated("db", request.param, number) for number in range(50)]


def test_the_reference_resolves_every_task(tasks: list[Record]) -> None:
    verdicts = [(task, judged_after_reference(task)) for task in tasks]
    assert not [task.id for task, verdict in verdicts if not verdict.resolved]
    assert not [task.id for task, verdict in verdicts if not agrees(task, verdict)]


def test_the_gold_sql_gives_the_answer_through_the_tools(tasks: list[Record]) -> None:
    for task in tasks:
        if "answer" in task.data:
            with opened(task) as world:
                said = world.call("execute_sql", {"query": task.data["gold_sql"][0]})
            assert all(part[:3] in said.text for part in task.data["answer"]), task.id


def test_doing_nothing_resolves_none(tasks: list[Record]) -> None:
    for task in tasks:
        with opened(task) as world:
            world.call("commit_final_answer", {"answers": []})
            assert not world.judge(task.expected_output).resolved, task.id


def test_plausible_wrong_work_resolves_none(tasks: list[Record]) -> None:
    for task in tasks:
        with opened(task) as world:
            for query in wrong_changes(task):
                world.call("execute_sql", {"query": query})
            world.call("commit_final_answer", {"answers": wrong_answers(task)})
            assert not world.judge(None).resolved, task.id


def wrong_answers(task: Record) -> list[str]:
    """A number that is off by one, another cell of the table, or a part of the truth."""
    answer = task.data.get("answer", [""])
    if len(answer) > 1:
        return list(answer[1:])
    try:
        return [str(float(answer[0]) + 1)]
    except ValueError:
        cells = [cell for row in task.data["table"]["rows"] for cell in row]
        return [next(cell for cell in cells if cell != answer[0])]


def wrong_changes(task: Record) -> list[str]:
    """The reference, and then one more row that is none of its business."""
    if "answer" in task.data:
        return []
    table = task.data["table"]
    key = table["columns"][0]
    spoil = f"UPDATE `{table['name']}` SET `{key}` = CONCAT(`{key}`, '!') LIMIT 1"
    return [*task.data["gold_sql"], spoil]


def test_every_type_and_difficulty_comes() -> None:
    tasks = [generated("db", 7, number) for number in range(240)]
    assert {task.data["type"] for task in tasks} == set(TYPES)
    assert {task.difficulty for task in tasks} == {"easy", "medium", "hard"}
    assert len({(task.instruction, str(task.data["table"])) for task in tasks}) == len(tasks)


def test_a_task_is_the_same_in_every_process() -> None:
    assert transcripts("db", "1") == transcripts("db", "2") != []


def test_an_id_names_seed_and_number() -> None:
    assert generated("db", 3, 17).id == "db/g3-00017"
