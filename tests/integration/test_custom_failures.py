"""What a user reads when a task of their own goes wrong: plain words, one screenful."""

from __future__ import annotations

import pytest

BROKEN_AGENTS = """
if word == "dict": return {"answer": 1}
if word == "hang": time.sleep(3600)
if word == "print": print("x" * 10_000_000)
if word == "raise": raise KeyError("lost")
if word != "nothing": return word
"""
TESTS = """
import pytest

@pytest.mark.smallbench(timeout=2)
@pytest.mark.parametrize("word", ["dict", "hang", "print", "raise", "nothing", "right"])
def test_word(word, agent, sandbox):
    assert agent.solve(sandbox.task(word)).strip() == "right"

def test_asserts_nothing(agent, sandbox):
    agent.solve(sandbox.task("anything"))

def test_body(sandbox):
    int("x")

def test_sandbox(sandbox):
    sandbox.close()
    sandbox.run("true")
"""


def test_each_failure_says_what_happened(own_tasks, workers):
    own_tasks.write(agent=BROKEN_AGENTS, test_own=TESTS)
    result = own_tasks.run(workers)
    result.assert_outcomes(failed=5, passed=2, errors=2)
    reasons = own_tasks.reasons()
    assert reasons["test_word[dict]"] == "agent.solve returned dict; it must return a str or None"
    assert reasons["test_word[hang]"].endswith("(time limit of 2 s reached)")
    assert reasons["test_word[raise]"].startswith("agent raised KeyError: 'lost' (in solve, conft")
    assert reasons["test_word[nothing]"] == "assert '' == 'right'"
    assert reasons["test_body"].startswith("the test itself raised ValueError")
    assert reasons["test_sandbox"].startswith("SandboxError: ")
    assert own_tasks.outcomes()["test_sandbox"] == "error"
    output = result.stdout.str()
    assert "10,000,001 characters were printed; the last 1,999:" in output
    assert len(output) < 30_000
    result.stdout.fnmatch_lines(
        ["FAILED test_own.py::test_word[[]hang] - assert '' == 'right' (time*"]
    )
    assert "custom/sandbox.py" not in output.partition("test_sandbox")[0]
    result.stdout.fnmatch_lines(
        ["asserts nothing, so that any agent resolves it: test_own.py::test_asserts_nothing"]
    )


def test_no_agent_and_no_key_names_the_fixture_that_may_be_meant(own_tasks, workers):
    own_tasks.pytester.makeconftest(
        "import pytest\n@pytest.fixture\ndef my_agent():\n    return None\n"
    )
    own_tasks.write(agent="", test_own="def test_own(agent, sandbox): assert agent.solve(sandbox)")
    result = own_tasks.run(workers)
    assert result.ret == 4
    said = result.stderr.str() + result.stdout.str()
    assert "no OPENAI_API_KEY" in said
    assert "no conftest brings a fixture 'agent': is 'my_agent' of conftest.py meant?" in said
    assert "Traceback" not in said
    assert not (own_tasks.path / "out").exists()


def test_our_agent_without_a_task_says_what_makes_one(own_tasks):
    own_tasks.write(agent="", test_own="def test_own(agent): assert agent")
    result = own_tasks.run()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["*fixture 'model' of pytest-smallbench needs a task: use the fixture 'sandbox' too*"]
    )


MARKS = {
    "max_step=3": "(max_step=...): no such keyword; there are: instruction, expected,",
    "max_steps=0": "(max_steps=0): it must be a whole number above 0",
    "timeout='long'": "(timeout='long'): it must be a number of seconds above 0",
    "tags='one'": "(tags='one'): it must be a list of names that can be marks",
    "'max'": "('max'): it takes keywords only: instruction,",
}


@pytest.mark.parametrize("mark", MARKS)
def test_a_wrong_mark_is_one_line(own_tasks, mark):
    own_tasks.write(
        test_own=f"import pytest\n@pytest.mark.smallbench({mark})\ndef test_it(sandbox): pass"
    )
    result = own_tasks.run()
    assert result.ret == 4
    errors = [line for line in result.errlines if line.strip()]
    assert len(errors) == 1
    assert errors[0].startswith("ERROR: test_own.py::test_it: @pytest.mark.smallbench")
    assert MARKS[mark] in errors[0]


def test_a_wrong_mark_is_one_line_over_workers(own_tasks):
    own_tasks.write(
        test_own="import pytest\n@pytest.mark.smallbench(steps=3)\ndef test_it(sandbox): pass"
    )
    result = own_tasks.run("-n2")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["ERROR: test_own.py::test_it: @pytest.mark.smallbench(steps=*"])


RECORDS = {
    "{": "tasks.jsonl, line 1: not JSON",
    "[1]": "tasks.jsonl, line 1: not a JSON object",
    '{"question": 1}': "tasks.jsonl, line 1: field 'id' must be a text that names the task",
    '{"id": "a"}\n\n{"id": "a"}': "tasks.jsonl, line 3: id 'a' is on line 1 already",
    '{"id": "a", "timeout": "x"}': "tasks.jsonl, line 1: field 'timeout' must be a number of sec",
}


@pytest.mark.parametrize("text", RECORDS)
def test_a_mistake_in_a_file_of_tasks_is_told_with_its_line(own_tasks, text):
    own_tasks.write(
        test_own="from pytest_smallbench import tasks_from\n"
        "@tasks_from('tasks.jsonl')\ndef test_it(record, sandbox): pass"
    )
    (own_tasks.path / "tasks.jsonl").write_text(text)
    result = own_tasks.run()
    assert result.ret == 2
    assert RECORDS[text] in result.stdout.str()
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*data_file.py*")
