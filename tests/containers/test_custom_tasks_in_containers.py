"""Tasks of one's own in a container of the image that their mark names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from container_samples import BASE

if TYPE_CHECKING:
    from docker import APIClient

CONFTEST = """
import pytest

class Agent:
    def solve(self, environment):
        return environment.call("bash", {"command": environment.observe()}).text

@pytest.fixture
def agent():
    return Agent()
"""
TESTS = f"""
import pytest

@pytest.mark.smallbench(image={BASE!r})
def test_inside(agent, sandbox):
    assert agent.solve(sandbox.task("cat /etc/debian_version; test -e /.dockerenv")).strip()
    assert sandbox.python("print(6 * 7)").text == "42\\n"

@pytest.mark.smallbench(image={BASE!r})
def test_snapshot(agent, sandbox):
    sandbox.write("a.txt", "before")
    before = sandbox.snapshot()
    agent.solve(sandbox.task("printf after > a.txt"))
    assert sandbox.read_text("a.txt") == "after"
    sandbox.restore(before)
    assert sandbox.read_text("a.txt") == "before"

@pytest.mark.smallbench(image="other:image")
def test_with_another_image(sandbox):
    raise AssertionError
"""


@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_they_run_in_the_image_of_the_mark(
    pytester: pytest.Pytester, client: APIClient, workers: str
) -> None:
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(test_own=TESTS)
    result = pytester.runpytest_subprocess(
        "--smallbench-sandbox=docker", "--smallbench-output=out", workers, "-rs"
    )
    result.assert_outcomes(passed=2, skipped=1)
    report = json.loads((pytester.path / "out" / "report.json").read_text())
    environment = report["benchmarks"]["custom"]["environment"]
    assert (environment["sandbox"], environment["fingerprint"]) == ("docker", BASE)
