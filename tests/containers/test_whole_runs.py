"""Whole runs in containers: they resolve, and however they end nothing of them is left."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from container_samples import BASE

from pytest_smallbench.sandboxes.docker.labels import OWNER, RUN, state_of
from pytest_smallbench.sandboxes.docker.leftovers import Leftover, found

if TYPE_CHECKING:
    from docker import APIClient

CONFTEST = """
import errand_benchmark

def pytest_smallbench_register(registry):
    registry.benchmark("errands", errand_benchmark.Errands())
"""
SUITE = """
def test_task(environment, agent):
    agent.solve(environment)
    grade = environment.grade()
    assert grade.resolved, grade.explanation
"""
SLEEPER = """
import pathlib, pytest

class Sleeper:
    def solve(self, environment):
        environment.call("run", {"command": "true"})  # the first call loads what calls need
        pathlib.Path("begun").touch()
        environment.call("run", {"command": "sleep 600"})

@pytest.fixture
def agent():
    return Sleeper()
"""
PATIENCE_S = 120


class Run:
    """pytest in a project of its own, over an engine that others use as well."""

    def __init__(self, folder: Path, client: APIClient, agent: str = "") -> None:
        self.folder, self.client = folder, client
        benchmark = Path(__file__).with_name("errand_benchmark.py")
        (folder / "errand_benchmark.py").write_text(benchmark.read_text())
        (folder / "errand_suite.py").write_text(SUITE)
        (folder / "conftest.py").write_text(CONFTEST + agent)
        self.pids: set[str] = set()

    def start(self, *args: str) -> subprocess.Popen[str]:
        options = ["--smallbench=errands", "--smallbench-sandbox=docker", "--smallbench-output=out"]
        command = [sys.executable, "-m", "pytest", *options, f"--smallbench-base-image={BASE}"]
        with (self.folder / "log").open("a") as log:
            process = subprocess.Popen(
                [*command, "-p", "no:cacheprovider", *args],
                cwd=self.folder,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
                # Started in the background (CI's habit), we ignore Ctrl-C, and so would pytest.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )
        self.pids.add(str(process.pid))
        return process

    def left(self) -> list[Leftover]:
        """What the engine has of the runs that were started here."""
        return [one for one in found(self.client) if one.labels[OWNER].split("/")[3] in self.pids]

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    @property
    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "out" / "report.json").read_text())
        return found


@pytest.fixture
def run_in(tmp_path: Path, client: APIClient) -> Callable[..., Run]:
    return lambda agent="": Run(tmp_path, client, agent)


def until(condition: Callable[[], object], run: Run) -> None:
    """Poll for an event of another process; PATIENCE_S is no measure of speed."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, run.log
        time.sleep(0.05)


def busy(run: Run) -> bool:
    """A task of it has begun, and the container is there."""
    return (run.folder / "begun").exists() and bool(run.left())


@pytest.mark.parametrize("workers", ["0", "2"])
def test_every_task_is_resolved_and_nothing_is_left(
    run_in: Callable[..., Run], workers: str
) -> None:
    run = run_in()
    process = run.start("--smallbench-agent=oracle", "-n", workers)
    assert process.wait() == 0, run.log
    assert [result["outcome"] for result in run.report["results"]] == ["resolved"] * 6
    assert run.report["benchmarks"]["errands"]["environment"]["sandbox"] == "docker"
    assert run.left() == []


@pytest.mark.parametrize("workers", ["0", "2"])
def test_nothing_is_left_after_an_interrupt(run_in: Callable[..., Run], workers: str) -> None:
    run = run_in(SLEEPER)
    process = run.start("-n", workers)
    until(lambda: busy(run), run)
    process.send_signal(signal.SIGINT)
    assert process.wait() == 2, run.log
    assert run.left() == []


@pytest.mark.parametrize("workers", ["0", "2"])
def test_nothing_is_left_after_a_kill(run_in: Callable[..., Run], workers: str) -> None:
    """The guests end with their streams; what was not started yet is swept by the next run."""
    run = run_in(SLEEPER)
    process = run.start("-n", workers)
    until(lambda: busy(run), run)
    process.kill()
    process.wait()
    assert {state_of(one.labels) for one in run.left()} <= {"dead"}
    (run.folder / "conftest.py").write_text(CONFTEST)
    again = run.start("--smallbench-agent=oracle", "--smallbench-limit=1", "-n", "0")
    assert again.wait() == 0, run.log
    assert run.left() == []


def test_a_container_that_dies_is_an_error_and_no_failure(run_in: Callable[..., Run]) -> None:
    run = run_in(SLEEPER)
    process = run.start("-n", "0", "--smallbench-limit=1")
    until(lambda: busy(run), run)

    def killed() -> bool:
        for one in run.left():
            if one.kind == "container":
                _kill(run.client, one.name)
        return process.poll() is not None

    until(killed, run)
    (result,) = run.report["results"]
    assert result["outcome"] == "error"
    assert "container" in result["reason"]
    assert process.returncode == 7  # nothing was graded
    assert run.left() == []


def _kill(client: APIClient, container: str) -> None:
    from docker.errors import APIError

    with contextlib.suppress(APIError):  # it may have ended meanwhile
        client.kill(container)


def test_no_engine_is_one_line_before_any_task(tmp_path: Path, client: APIClient) -> None:
    run = Run(tmp_path, client)
    nowhere = {**os.environ, "DOCKER_HOST": "unix:///nowhere.sock"}
    options = ["--smallbench=errands", "--smallbench-sandbox=docker", "--smallbench-agent=oracle"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "-n", "0"],
        cwd=run.folder,
        env=nowhere,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 4
    assert "no Docker engine at unix:///nowhere.sock: start one" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


# As on a machine of its own: other tests' runs sweep what is dead on this one.
ELSEWHERE = (
    "from pytest_smallbench.sandboxes.docker import labels; labels._machine = lambda: '{run}'"
)


def test_cleaning_says_what_it_removed(tmp_path: Path, client: APIClient, run: str) -> None:
    def python(code: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", f"{ELSEWHERE.format(run=run)}; {code}"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)

    owner = python("print(labels.owner())").stdout.strip()
    client.create_volume(name=f"{run}-volume", labels={RUN: run, OWNER: owner})
    done = python("import pytest; raise SystemExit(pytest.main(['--smallbench-clean']))")
    assert done.returncode == 0
    assert f"docker: removed volume {run}-volume of run {run}" in done.stdout.splitlines()
