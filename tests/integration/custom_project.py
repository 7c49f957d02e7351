"""A folder with tests of a user's own that are tasks, and an agent in its conftest."""

from __future__ import annotations

import json

import pytest

CONFTEST = """
import time
import pytest

class Agent:
    def solve(self, environment):
        word = environment.observe()
        {body}

@pytest.fixture
def agent():
    return Agent()
"""
ECHO = "return word"


class OwnTasks:
    """A project whose agent runs ``body``, with ``word`` for the task's text."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        self.path = pytester.path

    def write(self, *, agent: str = ECHO, **files: str) -> None:
        if agent:
            self.pytester.makeconftest(CONFTEST.format(body=agent.replace("\n", "\n        ")))
        self.pytester.makepyfile(**files)

    def run(self, *args: str) -> pytest.RunResult:
        output = () if any("resume" in arg for arg in args) else ("--smallbench-output=out",)
        return self.pytester.runpytest_subprocess(*output, *args)

    @property
    def report(self) -> dict:
        return json.loads((self.path / "out" / "report.json").read_text())

    def outcomes(self) -> dict[str, str]:
        """By the item's name, its file's aside."""
        found = self.report["results"]
        return {result["nodeid"].partition("::")[2]: result["outcome"] for result in found}

    def reasons(self) -> dict[str, str]:
        found = self.report["results"]
        return {result["nodeid"].partition("::")[2]: result["reason"] for result in found}
