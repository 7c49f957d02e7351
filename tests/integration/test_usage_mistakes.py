"""A user's mistake is one line and exit status 4, before anything runs."""

from __future__ import annotations

import pytest

MISTAKES = {
    "--smallbench-limit=0": "--smallbench-limit: '0' is not a whole number above 0",
    "--smallbench-limit=many": "--smallbench-limit: 'many' is not a whole number",
    "--smallbench-min-rate=43": "--smallbench-min-rate: '43' is not a number from 0 to 1",
    "--smallbench-max-errors=x": "--smallbench-max-errors: 'x' is not a number from 0 to 1",
    "--smallbench-gate=improve": (
        "--smallbench-gate: 'improve' is not no-regression or no-regression,alpha=A"
    ),
    "--smallbench-gate=no-regression,alpha=2": "alpha=2' is not no-regression or",
    "--smallbench-baseline=none.json": "--smallbench-baseline: 'none.json' is not a file",
    "--smallbench-prompt=short": (
        "--smallbench-prompt: 'short' is not one of instruct, complete, both"
    ),
    "--smallbench-set=taste=sour": (
        "--smallbench-set=taste: no such setting of toy; allowed: colour"
    ),
    "--smallbench-set=judge": "--smallbench-set: 'judge' is not KEY=VALUE",
    "--smallbench-solutions=none.jsonl": (
        "--smallbench-solutions: 'none.jsonl' is not a file that exists"
    ),
    "--smallbench-task-timeout=0": (
        "--smallbench-task-timeout: '0' is not a number of seconds above 0"
    ),
    "--smallbench=tyo": (
        "--smallbench: no benchmark is called 'tyo' (did you mean toy?); "
        "there are: agentbench, bcb-agent, custom, harbor, toy"
    ),
    "--smallbench-agent=raect": (
        "--smallbench-agent: no agent is called 'raect' (did you mean react?)"
    ),
    "--smallbench-agent=nowhere.at.all:make": "there is no module 'nowhere' to import",
    "--smallbench-sandbox=dcoker": "--smallbench-sandbox: no sandbox is called 'dcoker'",
    "--smallbench-task=Toy/x*": "Toy/x*",
    "--smallbench-category=evne": "evne",
    "toy::Toy/99": "toy::Toy/99: the selected tasks of built in have no such id",
    "--smallbench-agent=solutions": (
        "--smallbench-agent=solutions needs --smallbench-solutions=FILE"
    ),
}


@pytest.mark.parametrize("argument", MISTAKES)
def test_is_named_in_one_line(project, argument):
    result = project.run(argument)
    assert result.ret == 4
    errors = [line for line in result.errlines if line.strip()]
    assert len(errors) == 1
    assert MISTAKES[argument] in errors[0]


def test_over_workers_too(project):
    result = project.run("-n2", "--smallbench-limit=0")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["ERROR: --smallbench-limit: '0' is not a whole number above 0"])


def test_no_model_names_the_three_ways_out(project, workers):
    result = project.run(workers, agent=None)
    assert result.ret == 4
    (line,) = [line for line in result.errlines if line.strip()]
    for way in ("OPENAI_API_KEY", "--smallbench-base-url", "--smallbench-agent=oracle"):
        assert way in line


@pytest.mark.parametrize("way", ["--smallbench-agent=nop", "smallbench_agent = nop"])
def test_two_agents_are_one_too_many(project, way, workers):
    project.conftest("import pytest\n@pytest.fixture\ndef agent():\n    return None\n")
    by_option = way.startswith("--")
    if not by_option:
        project.pytester.makeini(f"[pytest]\n{way}")
    result = project.run(workers, agent="nop" if by_option else None)
    assert result.ret == 4
    result.stderr.fnmatch_lines([f"ERROR: {way}: the fixture 'agent' of *conftest.py*"])


def test_an_output_folder_that_cannot_be_made(project):
    (project.path / "file").write_text("")
    result = project.run("--smallbench-output=file/out")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["ERROR: --smallbench-output: cannot make *file/out: *"])


def test_an_ini_value_is_named_as_such(project, workers):
    project.pytester.makeini("[pytest]\nsmallbench_limit = none")
    result = project.run(workers)
    assert result.ret == 4
    result.stderr.fnmatch_lines(
        ["ERROR: ini option smallbench_limit: 'none' is not a whole number"]
    )
