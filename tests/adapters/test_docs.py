"""The conftest of each library's page runs as it stands there; a tool of the user's own fails."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from pytest_smallbench.benchmarks.bcb_agent.mini import records

from pytest_smallbench.contracts import ToolCall
from pytest_smallbench.testing.script import Turn
from pytest_smallbench.testing.scripted_server import ScriptedServer

pytestmark = pytest.mark.adapters
DOCS = Path(__file__).parents[2] / "docs"
EXAMPLE = re.compile(r"<!-- example: conftest.py -->\n```python\n(.*?)```", re.DOTALL)
RECORD = records()[0]
TELLS_ITS_MODEL = ("dspy", "openai-agents", "smolagents")


def turns(last):
    whole = RECORD["code_prompt"] + RECORD["canonical_solution"]
    return [
        Turn("How long?", (ToolCall("days_between", {"first": "2024-02-28", "last": last}),)),
        Turn("So.", (ToolCall("add_submission", {"submission": whole}),)),
        Turn("Done.", (ToolCall("submit_solution"),)),
    ]


def solve(pytester, library, last):
    page = (DOCS / f"adapters-{library.name}.md").read_text()
    pytester.makeconftest(EXAMPLE.search(page)[1])
    with ScriptedServer(library.script({"": turns(last)})) as server:
        pytester.runpytest_subprocess(
            "--smallbench=bcb-agent",
            "--smallbench-dataset=mini",
            "--smallbench-limit=1",
            f"--smallbench-base-url={server.base_url}",
            "--smallbench-output=out",
        )
        tokens = server.counts().prompt_tokens
    report = json.loads((pytester.path / "out" / "report.json").read_text())
    assert report["benchmarks"]["bcb-agent"]["summary"]["tokens"]["prompt"] == tokens
    return report["results"][0]


def test_the_pages_agent_resolves_a_task_with_a_tool_of_its_own(pytester, library):
    result = solve(pytester, library, "2024-03-01")
    assert result["outcome"] == "resolved", result["reason"]


def test_a_tool_of_the_users_that_raises_is_the_agents_affair(pytester, library):
    result = solve(pytester, library, "soon")
    if library.name in TELLS_ITS_MODEL:
        assert result["outcome"] == "resolved", result["reason"]
    else:
        assert result["outcome"] == "unresolved"
        assert "agent raised ValueError: Invalid isoformat string: 'soon'" in result["reason"]
