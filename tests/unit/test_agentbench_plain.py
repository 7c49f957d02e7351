"""The seed's own records: ids, prompt, defaults, selection, and the substring grader."""

from __future__ import annotations

import json

import pytest
from agentbench_samples import Parrot, parrot
from pytest_smallbench.benchmarks.agentbench.plain import PlainWorld, plain_record
from pytest_smallbench.benchmarks.agentbench.substring import contains

from pytest_smallbench.errors import UsageMistake

EXAMPLE = {"task_id": "os_1", "environment": "OS", "instruction": "Count.", "expected_output": "7"}


def record(**changed):
    fields = {**EXAMPLE, **changed}
    return plain_record({k: v for k, v in fields.items() if v is not ...}, 4, "file:5")


def test_the_id_is_the_task_ids_or_the_index():
    assert record().id == "agentbench_os_1"
    assert record(task_id=12).id == "agentbench_12"
    assert record(task_id=...).id == "agentbench_4"


def test_the_prompt_names_the_environment_then_gives_the_instruction():
    first, blank, rest = record().instruction.split("\n", 2)
    assert " OS " in first
    assert (blank, rest) == ("", "Count.")
    assert record(instruction=..., description="Look.").instruction.endswith("\n\nLook.")


def test_what_is_missing_has_the_seeds_defaults():
    bare = plain_record({}, 0, "file:1")
    assert bare.environment == "general"
    assert " general " in bare.instruction
    assert bare.instruction.endswith("\n\nNo instruction provided")
    assert bare.expected_output is None


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (["a"], "file:9: a record must be a JSON object"),
        ({"instruction": {"a": 1}}, "file:9: field 'instruction' must be a string"),
        ({"expected_output": ["7"]}, "file:9: field 'expected_output' must be a string"),
        ({"task_id": "a\nb"}, "file:9: field 'task_id' must be printable"),
        ({"environment": True}, "file:9: field 'environment' must be a string"),
        ({"instruction": "\ud800"}, "file:9: field 'instruction' is not valid text"),
    ],
)
def test_a_broken_record_is_told_by_file_line_and_field(raw, said):
    with pytest.raises(UsageMistake, match=said):
        plain_record(raw, 0, "file:9")


@pytest.mark.parametrize(
    ("text", "expected", "resolved"),
    [
        ("I found 7 files", "7", True),
        ("I found 17 files", "7", True),  # the rule's known weakness, kept as it is
        ("The item has been ADDED TO CART successfully", " Added to cart\n", True),
        ("seven", "7", False),
        ("anything", "", False),
        ("anything", "  ", False),
        ("anything", None, False),
        ("", "7", False),
    ],
)
def test_the_substring_rule(text, expected, resolved):
    assert contains(text, expected) is resolved


def opened(inner=None, **changed):
    plain = record(**changed)
    return parrot(plain, PlainWorld(plain, inner))


def test_without_an_environment_there_is_only_the_answer_tool():
    environment = opened(environment="unheard of")
    assert [tool.name for tool in environment.tools] == ["answer"]
    assert "Count." in environment.observe()
    assert environment.call("answer", {"text": "there are 7"}).done
    assert environment.grade().resolved


def test_a_text_that_the_agent_returns_is_graded():
    environment = opened()
    environment.answer = "There are 7 files."
    grade = environment.grade()
    assert (grade.resolved, grade.score, grade.output) == (True, 1.0, "There are 7 files.")


def test_the_words_of_the_call_that_ends_the_world_are_graded():
    environment = opened(Parrot(), expected_output="stop")
    assert [tool.name for tool in environment.tools] == ["say", "answer"]
    environment.call("say", {"word": "stop"})
    assert environment.grade().resolved


def test_after_the_world_has_ended_the_answer_may_follow():
    environment = opened(Parrot())
    ended = environment.call("say", {"word": "stop"})
    assert not ended.done
    assert "State your answer in full" in ended.text
    late = environment.call("say", {"word": "polly"})
    assert (late.done, late.valid) == (False, False)
    assert environment.call("answer", {"text": "7"}).done
    assert environment.grade().resolved


def test_the_worlds_line_counts_only_where_it_was_won():
    environment = opened(Parrot(), expected_output="secret")
    assert not environment.grade().resolved
    environment.call("say", {"word": "polly"})
    assert environment.grade().resolved


def test_nothing_expected_is_not_resolved_and_said():
    environment = opened(expected_output=...)
    environment.answer = "anything"
    grade = environment.grade()
    assert (grade.resolved, grade.explanation) == (False, "No expected output available")
    assert environment.reference() == []


def test_an_answer_is_taken_back_by_restore():
    environment = opened(Parrot())
    before = environment.snapshot()
    environment.call("answer", {"text": "7"})
    environment.restore(before)
    assert not environment.grade().resolved


def test_the_reference_hands_in_what_is_expected():
    environment = opened()
    (call,) = environment.reference()
    environment.call(call.name, call.arguments)
    assert environment.grade().resolved
    assert json.loads(json.dumps(call.arguments)) == {"text": "7"}
