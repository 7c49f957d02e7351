"""A graph task as an agent meets it, and its verdict."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from agentbench_worlds import arguments, opened, played
from pytest_smallbench.benchmarks.agentbench.environments.knowledge_graph.grading import (
    f1,
    final_variable,
)
from pytest_smallbench.benchmarks.agentbench.environments.knowledge_graph.problem import problem_of
from pytest_smallbench.benchmarks.agentbench.environments.knowledge_graph.vocabulary import (
    vocabulary,
)
from pytest_smallbench.benchmarks.agentbench.worlds import Record

from pytest_smallbench.contracts import ToolCall
from pytest_smallbench.errors import UsageMistake

DIRECTED = "people.person.films_directed"
DATA = {
    "entities": {"Ann": "m.a"},
    "gold_actions": ["get_relations(m.a)", f"get_neighbors(m.a,{DIRECTED})"],
    "answer_ids": ["m.f2", "m.f1"],
    "micro_kg": {
        "triples": [
            ["m.a", DIRECTED, "m.f1"],
            ["m.a", DIRECTED, "m.f2"],
            ["m.a", "people.person.pupils", "m.f1"],
            ["m.a", "people.person.teacher", "m.x"],
        ]
    },
}


def record(data: dict[str, Any]) -> Record:
    return Record("kg/x-1", "kg", "Which films did Ann direct?", "answer:m.f1,m.f2", data)


def neighbours(relation: str) -> ToolCall:
    return ToolCall("get_neighbors", {"variable": "Ann", "relation": relation})


def test_the_agent_sees_names_and_no_ids() -> None:
    with opened(record(DATA)) as world:
        text = world.observe()
    assert "Entities: [Ann]" in text
    assert "Which films did Ann direct?" in text
    assert "m.a" not in text


def test_the_references_calls_use_names_and_fit_the_schemas() -> None:
    with opened(record(DATA)) as world:
        schemas = {tool.name: tool.parameters for tool in world.tools}
        calls = world.reference()
        for call in calls:
            jsonschema.validate(arguments(call), schemas[call.name])
    assert arguments(calls[0]) == {"variable": "Ann"}
    assert calls[-1] == ToolCall("final_answer", {"variable": "#0"})


@pytest.mark.parametrize(
    "text", ["Final Answer: #0", "I think so.\nFinal Answer: #0.", "Find Answer: #0", "**final "]
)
def test_a_plain_text_may_be_the_answer(text: str) -> None:
    with opened(record(DATA)) as world:
        played(world, [neighbours(DIRECTED)])
        assert world.judge(text).resolved is ("#0" in text)


def test_the_tool_counts_more_than_what_is_said() -> None:
    with opened(record(DATA)) as world:
        played(world, [neighbours(DIRECTED), neighbours("people.person.teacher")])
        said = world.call("final_answer", {"variable": "#0"})
        verdict = world.judge("Final Answer: #1")
    assert said.done
    assert (verdict.resolved, verdict.line) == (True, "answer:m.f1,m.f2")


def test_a_part_of_the_answer_scores_f1_but_is_not_resolved() -> None:
    with opened(record(DATA)) as world:
        played(world, [neighbours("people.person.pupils")])
        verdict = world.judge("Final Answer: #0")
    assert not verdict.resolved
    assert verdict.score == pytest.approx(2 / 3)
    assert verdict.metrics == {"f1": verdict.score, "exact_match": 0.0, "executable": 1.0}


@pytest.mark.parametrize("text", [None, "", "answer:m.f1,m.f2", "Final Answer: #7", "x" * 10**6])
def test_no_variable_is_no_answer(text: str | None) -> None:
    with opened(record(DATA)) as world:
        played(world, [neighbours(DIRECTED)])
        verdict = world.judge(text)
    assert (verdict.resolved, verdict.score) == (False, 0.0)


def test_a_wrong_final_variable_is_answered_and_the_task_goes_on() -> None:
    with opened(record(DATA)) as world:
        said = world.call("final_answer", {"variable": "#3"})
    assert said.text == "Observation: Error processing tool call: there is no variable #3"
    assert (said.done, said.valid) == (False, False)


def test_after_restore_the_same_calls_say_the_same() -> None:
    with opened(record(DATA)) as world:
        played(world, [neighbours("people.person.teacher")])
        saved = world.snapshot()
        first = played(world, world.reference())
        world.restore(saved)
        assert not world.judge(None).resolved
        assert played(world, world.reference()) == first


def test_what_was_listed_is_restored_too() -> None:
    attribute = {"variable": "#0", "attribute": "film.film.running_time"}
    triple = ["m.f1", "film.film.running_time", '"90"']
    graph = {"triples": [*DATA["micro_kg"]["triples"], triple]}  # type: ignore[index]
    with opened(record({**DATA, "micro_kg": graph})) as world:
        played(world, [neighbours(DIRECTED)])
        early = world.snapshot()
        world.call("get_attributes", {"variable": "#0"})
        late = world.snapshot()
        world.restore(early)
        assert not world.call("argmax", attribute).valid
        world.restore(late)
        assert world.call("argmax", attribute).valid


def test_a_record_without_fields_is_an_empty_graph() -> None:
    with opened(record({})) as world:
        assert not world.call("get_relations", {"variable": "Ann"}).valid
        verdict = world.judge("Final Answer: #0")
    assert not verdict.resolved
    assert "no label" in verdict.explanation


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"micro_kg": None}, "'micro_kg'"),
        ({"micro_kg": {"triples": [["a", "b"]]}}, "'micro_kg.triples'"),
        ({"micro_kg": {"triples": [["a", "b", "\ud800"]]}}, "'micro_kg.triples'"),
        ({"entities": ["Ann"]}, "'entities'"),
        ({"answer_ids": "m.f1"}, "'answer_ids'"),
        ({"gold_actions": ["union(#0,#1)"]}, "'gold_actions'"),
        ({"gold_actions": ["count(#0,#1)"]}, "'gold_actions'"),
    ],
)
def test_a_broken_record_is_named(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(UsageMistake, match=f"file:3.*{field}"):
        problem_of({**DATA, **wrong}, "file:3")


def test_the_last_final_answer_counts() -> None:
    assert final_variable("Final Answer: #1 - no: Final Answer: #2") == 2
    assert final_variable("#1 is the answer") is None


def test_f1_is_that_of_sets() -> None:
    assert f1(["a", "b"], ["b", "c"]) == 0.5
    assert f1(["a"], ["b"]) == 0.0
    assert f1([], []) == 0.0


def test_the_bundled_vocabulary_hangs_together() -> None:
    words = vocabulary()
    links = {link.name: link for link in words.links}
    assert len(links) == len(words.links) >= 100
    assert len({type.partition(".")[0] for type in words.types}) >= 12
    for link in words.links:
        assert links[link.reverse].reverse == link.name
        assert {link.domain, link.range} <= set(words.types)
        assert "{}" in link.phrase
    assert all(measure.domain in words.types for measure in words.measures)
