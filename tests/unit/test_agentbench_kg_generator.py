"""Generated graph tasks: solvable by their reference, by nothing less, the same everywhere."""

from __future__ import annotations

import pytest
from agentbench_worlds import (
    agrees,
    arguments,
    generated,
    judged_after_reference,
    opened,
    played,
    transcripts,
)
from pytest_smallbench.benchmarks.agentbench.worlds import Record


@pytest.fixture(scope="module", params=(0, 1, 2))
def tasks(request: pytest.FixtureRequest) -> list[Record]:
    return [generated("kg", request.param, number) for number in range(50)]


def test_the_reference_resolves_every_task(tasks: list[Record]) -> None:
    verdicts = [(task, judged_after_reference(task)) for task in tasks]
    assert not [task.id for task, verdict in verdicts if not verdict.resolved]
    assert not [task.id for task, verdict in verdicts if not agrees(task, verdict)]


def test_doing_nothing_resolves_none(tasks: list[Record]) -> None:
    for task in tasks:
        with opened(task) as world:
            assert not world.judge(f"{task.expected_output} Final Answer: #0").resolved, task.id


def test_no_other_variable_of_the_chain_is_the_answer(tasks: list[Record]) -> None:
    for task in tasks:
        with opened(task) as world:
            *chain, final = world.reference()
            played(world, chain)
            last = int(arguments(final)["variable"].lstrip("#"))
            for number in range(last):
                assert not world.judge(f"Final Answer: #{number}").resolved, task.id


def test_another_relation_in_the_end_is_wrong(tasks: list[Record]) -> None:
    for task in tasks:
        with opened(task) as world:
            start = next(iter(task.data["entities"]))
            listed = world.call("get_relations", {"variable": start}).text
            first = listed.removeprefix("Observation: [").rstrip("]").split(", ")[-1]
            if f"{first})" not in task.data["gold_actions"][1]:
                world.call("get_neighbors", {"variable": start, "relation": first})
                assert not world.judge("Final Answer: #0").resolved, task.id


def test_sizes_and_answers_are_as_the_difficulty_says(tasks: list[Record]) -> None:
    sizes = {"easy": (50, 90), "medium": (120, 200), "hard": (300, 450)}
    for task in tasks:
        nodes = {s for s, _, _ in task.data["micro_kg"]["triples"]}
        assert len(nodes) <= sizes[task.difficulty][1]
        assert 1 <= len(task.data["answer_ids"]) <= 10


def test_tasks_are_of_many_forms() -> None:
    tasks = [generated("kg", 7, number) for number in range(60)]
    endings = {task.data["gold_actions"][-1].partition("(")[0] for task in tasks}
    assert endings == {"get_neighbors", "intersection", "argmax", "argmin", "count"}
    assert len({task.instruction for task in tasks}) == len(tasks)


def test_a_task_is_the_same_in_every_process() -> None:
    assert transcripts("kg", "1") == transcripts("kg", "2") != []
