"""The agent-computer interface where nothing is run: texts, edits, notes, submission."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema
import pytest
from bcb_samples import SOLUTION, Grader, environment
from pytest_smallbench.benchmarks.bcb_agent.environment import SCRATCHPAD_LIMIT, BcbEnvironment
from pytest_smallbench.benchmarks.bcb_agent.observations import OBSERVATION_LIMIT
from pytest_smallbench.benchmarks.bcb_agent.records import Record
from pytest_smallbench.benchmarks.bcb_agent.solution import SUBMISSION_LIMIT

from pytest_smallbench.contracts import Limits

NAMES = [
    *("add_submission", "edit_submission", "view_submission", "add_unit_test"),
    *("remove_unit_test", "test_submission", "run_code", "write_scratchpad", "submit_solution"),
]


def said(env: BcbEnvironment, tool: str, **arguments: object) -> str:
    observation = env.call(tool, arguments)
    assert observation.valid, observation.text
    return observation.text


def refused(env: BcbEnvironment, tool: str, **arguments: object) -> str:
    observation = env.call(tool, arguments)
    assert not observation.valid, observation.text
    assert not observation.done
    assert observation.text.startswith("Error: ")
    return observation.text


# -- what it shows at first -------------------------------------------------------


def test_the_first_observation() -> None:
    text = environment().observe()
    assert text.startswith("Sort numbers without repeats.")
    assert "defines task_func" in text
    assert "You have 10 turns;" in text
    assert "submit_solution" in text


def test_the_complete_form_shows_the_docstring() -> None:
    text = environment(form="complete").observe()
    assert '"""Sort without repeats."""' in text
    assert "Sort numbers" not in text


def test_an_attempt_without_a_limit_of_turns() -> None:
    assert "no limit of turns" in environment(limits=Limits(max_steps=None)).observe()


def test_nine_tools_with_schemas() -> None:
    tools = environment().tools
    assert [tool.name for tool in tools] == NAMES
    for tool in tools:
        jsonschema.Draft202012Validator.check_schema(dict(tool.parameters))
        assert tool.description.endswith(".")
    assert json.dumps([dict(tool.parameters) for tool in tools])


def parts_of(thing: object) -> Iterator[str]:
    """Every text that can be reached through attributes, mappings and sequences."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, Mapping):
        yield from (text for value in thing.values() for text in parts_of(value))
    elif isinstance(thing, list | tuple | set):
        yield from (text for value in thing for text in parts_of(value))
    elif hasattr(thing, "__dict__") and not callable(thing):
        yield from parts_of(vars(thing))


def test_nothing_of_the_grader_is_held_while_the_agent_acts() -> None:
    env = environment()
    said(env, "add_submission", submission="def task_func(n): return n")
    texts = "\n".join(parts_of(env))
    assert "import re" in texts  # the search does find what is there
    assert "hidden = True" not in texts
    assert "return sorted(set(numbers))" not in texts


# -- writing ----------------------------------------------------------------------


def test_a_solution_comes_back_numbered_and_linted() -> None:
    text = said(environment(), "add_submission", submission="def task_func(n):\n    return m\n")
    assert text == (
        "Solution saved, 2 lines:\n"
        "1| def task_func(n):\n"
        "2|     return m\n"
        "Linter: 1 finding:\n"
        "  line 2: F821: Undefined name `m`"
    )


def test_a_body_is_a_solution_too() -> None:
    text = said(environment(), "add_submission", submission="    return re.sub('a', 'b', numbers)")
    assert text.endswith("Linter: no errors.")


def test_an_edit_shows_the_new_text() -> None:
    env = environment()
    said(env, "add_submission", submission="def task_func(n):\n    return m\n")
    text = said(env, "edit_submission", first_line=2, last_line=2, new_code="    return n")
    assert text.startswith("Solution changed, now 2 lines:\n1| def task_func(n):\n2|     return n")
    assert env.metrics()["edits"] == 1


def test_the_work_is_the_solution_and_the_own_tests() -> None:
    env = environment()
    assert env.work() == {}
    said(env, "add_submission", submission=SOLUTION)
    said(env, "add_unit_test", unit_test_name="test_a", test_code="assert task_func([1])")
    assert env.work() == {"solution.py": SOLUTION, "own test test_a": "assert task_func([1])\n"}


def test_an_edit_out_of_range_changes_nothing() -> None:
    env = environment()
    said(env, "add_submission", submission=SOLUTION)
    before = said(env, "view_submission")
    text = refused(env, "edit_submission", first_line=9, last_line=9, new_code="x")
    assert "nothing was changed" in text
    assert "first_line is 1 to 3" in text
    assert said(env, "view_submission") == before
    assert env.metrics()["edits"] == 0


@pytest.mark.parametrize(
    ("submission", "note"),
    [
        ("x = 1", "Note: this neither defines task_func nor"),
        ("return 1", "Note: this neither defines task_func nor"),
        ("```python\ndef task_func(n): return n\n```", "Note: leave out the Markdown fences"),
    ],
)
def test_notes_on_what_the_linter_cannot_know(submission: str, note: str) -> None:
    assert note in said(environment(), "add_submission", submission=submission)


def test_windows_newlines_tabs_and_unicode() -> None:
    env = environment()
    said(env, "add_submission", submission='def task_func(n):\r\n\treturn "é日本"\r\n')
    assert said(env, "view_submission") == (
        'The solution, 2 lines:\n1| def task_func(n):\n2| \treturn "é日本"'
    )


@pytest.mark.parametrize(
    ("submission", "why"),
    [
        ("x" * 1_000_000, f"has 1000000 characters, and {SUBMISSION_LIMIT} is the most"),
        ("x = '\0'", "NUL"),
        ("x = '\ud800'", "surrogate"),
    ],
)
def test_submissions_that_are_refused(submission: str, why: str) -> None:
    env = environment()
    said(env, "add_submission", submission=SOLUTION)
    assert why in refused(env, "add_submission", submission=submission)
    assert "2 lines" in said(env, "view_submission")


def test_an_edit_may_not_grow_beyond_the_limit() -> None:
    env = environment()
    said(env, "add_submission", submission="#" * (SUBMISSION_LIMIT - 10))
    text = refused(env, "edit_submission", first_line=1, last_line=0, new_code="#" * 100)
    assert "the solution with this edit has" in text


def test_an_empty_solution() -> None:
    env = environment()
    assert said(env, "view_submission") == "The solution is empty."
    said(env, "add_submission", submission=SOLUTION)
    assert said(env, "add_submission", submission="") == (
        "The solution was cleared: it is empty now."
    )


# -- tests of its own -------------------------------------------------------------


def test_own_tests_are_listed_and_replaced() -> None:
    env = environment()
    said(env, "add_unit_test", unit_test_name="one", test_code="assert task_func([]) == []")
    text = said(env, "add_unit_test", unit_test_name="one", test_code="assert task_func([1])")
    assert text == "Unit test one replaced. Your unit tests: one."
    text = said(env, "remove_unit_test", unit_test_name="one")
    assert text == "Unit test one removed. You have no unit tests."
    assert "no unit test 'one'" in refused(env, "remove_unit_test", unit_test_name="one")
    assert env.metrics()["own_tests_written"] == 2


@pytest.mark.parametrize(
    ("name", "code", "why"),
    [
        ("with space", "assert 1", "no name for a test"),
        ("1st", "assert 1", "no name for a test"),
        ("", "assert 1", "no name for a test"),
        ("t", "x = 1\nassert (", "syntax error in line 2"),
        ("t", "", "nothing in test_code would be run"),
        ("t", "import os\ndef helper(x): pass\ndef other(x): pass", "nothing in test_code would"),
        ("t", "def test_it(value):\n    assert value", "takes arguments (value)"),
        ("t", "x" * 20_000, "is the most"),
        ("t", "assert '\0'", "NUL"),
    ],
)
def test_own_tests_that_are_refused(name: str, code: str, why: str) -> None:
    env = environment()
    assert why in refused(env, "add_unit_test", unit_test_name=name, test_code=code)
    assert env.metrics()["own_tests_written"] == 0


def test_only_so_many_own_tests() -> None:
    env = environment()
    env._state.tests.update({f"t{at}": "assert 1" for at in range(50)})
    text = refused(env, "add_unit_test", unit_test_name="more", test_code="assert 1")
    assert "50 unit tests already" in text


def test_nothing_to_test_is_said_without_a_sandbox() -> None:
    env = environment()
    assert "no solution to test yet" in refused(env, "test_submission")
    said(env, "add_submission", submission=SOLUTION)
    assert "no unit tests to run" in refused(env, "test_submission")


# -- notes ------------------------------------------------------------------------


def test_the_scratchpad_is_shown_again_after_each_observation() -> None:
    env = environment()
    text = said(env, "write_scratchpad", text="1. empty list\n2. repeats")
    assert text == "Scratchpad saved.\n\nScratchpad:\n1. empty list\n2. repeats"
    assert said(env, "view_submission").endswith("\n\nScratchpad:\n1. empty list\n2. repeats")
    assert refused(env, "test_submission").endswith("2. repeats")
    assert said(env, "write_scratchpad", text="") == "Scratchpad cleared."
    assert env.metrics()["scratchpad_used"] == 1


def test_notes_that_are_too_long_are_refused() -> None:
    env = environment()
    text = refused(env, "write_scratchpad", text="x" * (SCRATCHPAD_LIMIT + 1))
    assert f"{SCRATCHPAD_LIMIT} is the most" in text
    assert env.metrics()["scratchpad_used"] == 0


def test_every_observation_is_bounded() -> None:
    env = environment()
    said(env, "write_scratchpad", text="n" * SCRATCHPAD_LIMIT)
    lines = "\n".join(f"x{at} = y{at}" for at in range(2_500))
    text = said(env, "add_submission", submission=lines)
    assert len(text) <= OBSERVATION_LIMIT
    assert "left out" in text


# -- bad calls --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tool", "arguments", "why"),
    [
        ("write_file", {}, "there is no tool 'write_file'"),
        ("add_submission", {}, "takes submission, and was given none"),
        ("add_submission", {"submission": 3}, "takes submission as a JSON string"),
        ("view_submission", {"all": 1}, "takes no arguments, and was given all"),
        (
            "edit_submission",
            {"first_line": True, "last_line": 1, "new_code": ""},
            "takes first_line as a JSON integer",
        ),
    ],
)
def test_bad_calls_are_answered(tool: str, arguments: dict[str, Any], why: str) -> None:
    observation = environment().call(tool, arguments)
    assert not observation.valid
    assert why in observation.text


# -- the end ----------------------------------------------------------------------


def test_submitting_ends_it_and_says_no_more() -> None:
    grader = Grader()
    env = environment(grader=grader)
    said(env, "add_submission", submission=SOLUTION)
    observation = env.call("submit_solution", {})
    assert (observation.done, observation.valid) == (True, True)
    assert observation.text == "Received: the solution was handed in. The task is over."
    assert env.grade().resolved
    assert [solution for _, solution in grader.asked] == [SOLUTION]


def test_after_submission_every_call_is_refused() -> None:
    env = environment()
    said(env, "add_submission", submission=SOLUTION)
    env.call("submit_solution", {})
    for name in ("add_submission", "submit_solution", "nonsense"):
        observation = env.call(name, {})
        assert observation.text.startswith("Already submitted")
        assert observation.done
        assert not observation.valid


def test_an_empty_solution_cannot_be_submitted() -> None:
    env = environment()
    assert "nothing to submit" in refused(env, "submit_solution")
    assert env.metrics()["submitted"] == 0


def test_no_submission_is_unresolved() -> None:
    grader = Grader()
    env = environment(grader=grader)
    assert env.grade().explanation.startswith("no submission")
    said(env, "add_submission", submission=SOLUTION)
    grade = env.grade()
    assert not grade.resolved
    assert grade.explanation.startswith("no submission")
    assert grade.output == SOLUTION
    assert not grader.asked


def test_the_graders_record_is_read_when_it_grades() -> None:
    reads: list[Record] = []
    env = environment()
    load = env._load_record
    env._load_record = lambda: reads.append(load()) or reads[-1]  # type: ignore[func-returns-value]  # append gives None
    said(env, "add_submission", submission=SOLUTION)
    env.call("submit_solution", {})
    assert not reads
    env.grade()
    assert len(reads) == 1


# -- snapshots --------------------------------------------------------------------


def test_a_snapshot_brings_all_of_it_back() -> None:
    env = environment()
    said(env, "add_submission", submission=SOLUTION)
    said(env, "add_unit_test", unit_test_name="one", test_code="assert task_func([]) == []")
    said(env, "write_scratchpad", text="plan")
    before, metrics = env.snapshot(), dict(env.metrics())
    view = said(env, "view_submission")
    said(env, "edit_submission", first_line=1, last_line=1, new_code="# gone")
    said(env, "remove_unit_test", unit_test_name="one")
    said(env, "write_scratchpad", text="other")
    env.call("submit_solution", {})
    env.restore(before)
    assert dict(env.metrics()) == metrics
    assert said(env, "view_submission") == view
    said(env, "remove_unit_test", unit_test_name="one")


def test_a_snapshot_can_be_restored_twice() -> None:
    env = environment()
    before = env.snapshot()
    for _ in range(2):
        said(env, "add_submission", submission=SOLUTION)
        env.restore(before)
        assert said(env, "view_submission") == "The solution is empty."
    with pytest.raises(KeyError):
        env.restore("7")


def test_the_same_calls_give_the_same_observations() -> None:
    def episode() -> list[str]:
        env = environment()
        return [
            env.observe(),
            said(env, "add_submission", submission="import os\nx = y\n"),
            said(env, "add_unit_test", unit_test_name="one", test_code="assert 1"),
            said(env, "edit_submission", first_line=2, last_line=2, new_code=SOLUTION),
            refused(env, "edit_submission", first_line=20, last_line=2, new_code=SOLUTION),
        ]

    assert episode() == episode()
