"""What the docs show is run as it stands there."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from option_reference import PAGE, render
from pytest_smallbench.benchmarks.bcb_agent.environment import TOOLS
from pytest_smallbench.benchmarks.bcb_agent.mini import records

from pytest_smallbench.options import OPTIONS
from pytest_smallbench.testing.script import Turn
from pytest_smallbench.testing.scripted_server import ScriptedServer

DOCS = Path(__file__).parents[2] / "docs"
README = DOCS.parent / "README.md"
MARKED = re.compile(r"<!-- example: (\S+) -->\n```python\n(.*?)```", re.DOTALL)
EXAMPLES = MARKED.findall((DOCS / "extending.md").read_text())
PYTEST = re.compile(r"^\$ .*?(pytest --smallbench=\S+ .*)$", re.MULTILINE)


@pytest.fixture
def server(monkeypatch):
    """A model that answers with a solution in plain text."""
    record = records()[0]
    answer = Turn(record["code_prompt"] + record["canonical_solution"])
    with ScriptedServer(lambda messages, tools: answer) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        yield server


def run(pytester, *args):
    return pytester.runpytest_subprocess(
        "--smallbench=bcb-agent", "--smallbench-dataset=mini", "--smallbench-limit=1", *args
    )


def test_the_options_page_is_up_to_date():
    assert PAGE.read_text() == render(), "run python tests/examples/option_reference.py"


def test_the_readmes_first_command_resolves_all(pytester):
    command = PYTEST.search(README.read_text())[1]
    result = pytester.run(*pytester._getpytestargs(), *shlex.split(command)[1:])
    assert result.ret == 0
    result.assert_outcomes(passed=len(records()))


def test_the_readmes_agent_works(pytester, server):
    source = re.search(r"```python\n(.*?)```", README.read_text(), re.DOTALL)[1]
    pytester.makeconftest(source)
    result = run(pytester)
    result.assert_outcomes(passed=1)


def test_the_async_agent_acts_and_is_wrong(pytester):
    pytester.makeconftest(dict(EXAMPLES[:1])["conftest.py"])
    result = run(pytester)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*hidden tests failed*"])


def test_the_agent_named_by_module_works(pytester, server):
    pytester.makepyfile(guesser=dict(EXAMPLES)["guesser.py"])
    result = run(pytester, "--smallbench-agent=guesser:create")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*no submission*"])
    assert server.counts().requests == 1


def test_an_agent_with_a_client_of_its_own_is_counted(pytester, server):
    pytester.makeconftest(MARKED.search((DOCS / "adapters.md").read_text())[2])
    result = run(pytester, "--smallbench-output=out")
    result.assert_outcomes(passed=1)
    report = json.loads((pytester.path / "out" / "report.json").read_text())
    tokens = report["benchmarks"]["bcb-agent"]["summary"]["tokens"]
    assert tokens["prompt"] == server.counts().prompt_tokens > 0


def test_the_report_hook_is_called(pytester):
    pytester.makeconftest(EXAMPLES[-1][1])
    result = run(pytester, "--smallbench-agent=oracle")
    result.stdout.fnmatch_lines(["*resolved rate: 100%"])


def test_the_tools_page_names_every_tool_and_argument():
    page = (DOCS / "bcb-agent.md").read_text()
    for tool in TOOLS:
        arguments = ", ".join(f"`{name}`" for name in tool.parameters["properties"])
        assert f"| `{tool.name}` | {arguments}".rstrip() in page


def test_every_link_to_a_file_leads_somewhere():
    for page in [README, *DOCS.glob("*.md"), DOCS.parent / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\(([^):]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_command_of_the_gate_page_runs(pytester, server):
    """In the page's order, each on one bundled task of the dev split."""
    run(pytester, "--smallbench-split=dev", "--smallbench-output=main")
    commands = PYTEST.findall((DOCS / "gate.md").read_text())
    assert len(commands) == 7
    results = {command: run(pytester, *shlex.split(command)[2:], "-n0") for command in commands}
    for command, result in results.items():
        # The scripted model solves nothing; one task in common with a baseline is too few.
        assert result.ret == (7 if "no-regression" in command else 1), command
        assert any("bcb-agent: resolved" in line for line in result.outlines), command


def test_every_command_of_the_exports_page_runs(pytester):
    page = (DOCS / "exports.md").read_text()
    (command,) = PYTEST.findall(page)
    run(pytester, *shlex.split(command)[2:], "-n0")
    first = exported(pytester)
    assert [each.parent.name for each in first] == ["atif", "inspect"]
    (again,) = re.findall(r"^\$ (smallbench export .*)$", page, re.MULTILINE)
    assert pytester.run(*shlex.split(again)).ret == 0
    assert exported(pytester) == first


def exported(pytester):
    found = (pytester.path / "results").glob("*/*.json")
    return {path: path.read_bytes() for path in sorted(found)}


def test_every_option_that_the_docs_name_exists():
    known = {option.name for option in OPTIONS}
    for page in [README, *DOCS.glob("*.md"), DOCS / "smallbench-gate.yml"]:
        named = set(re.findall(r"--smallbench(?:-[a-z]+)*", page.read_text()))
        assert named <= known, page.name
