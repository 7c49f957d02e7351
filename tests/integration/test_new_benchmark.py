"""What ``smallbench new benchmark`` writes is a package whose wheel holds all that it needs.

That its own tests pass as written, tests/examples/test_cookbook.py shows.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_smallbench.command_line import main

SMALLBENCH = "import sys; from pytest_smallbench.command_line import main; sys.exit(main())"
RULES = "--select=E,F,W,I,B,UP,PIE,SIM,RUF,PT,C4,RET"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as it is written, and installed beside: its wheel, without a network."""
    folder = tmp_path_factory.mktemp("new") / "my-bench"
    assert main(["new", "benchmark", "My Bench", "--output", str(folder)]) == 0
    # A copy is built: the build leaves folders of its own.
    copy = shutil.copytree(folder, folder.parent / "copy")
    command = ["uv", "pip", "install", "--no-deps", "--no-build-isolation", "--offline"]
    where = ["--python", sys.executable, "--target", str(folder.parent / "installed")]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run([*command, *where, str(copy)], check=True, env={**os.environ, "PATH": path})
    return folder


def run(project: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project.parent / "installed")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_runs_over_workers_and_is_listed(project):
    arguments = ("--smallbench=my-bench", "--smallbench-agent=oracle", "-n2")
    done = run(project, "-m", "pytest", *arguments)
    assert done.returncode == 0, done.stdout
    assert "my-bench: resolved 4/4 " in done.stdout
    listed = run(project, "-m", "pytest", "--smallbench-list").stdout
    assert "my-bench     My bench (my-bench)" in listed


def test_smallbench_check_tells_that_all_holds(project):
    done = run(project, "-c", SMALLBENCH, "check", "my-bench", "--sample=1")
    assert done.returncode == 0, done.stdout
    assert done.stdout.endswith("my-bench: all checks hold\n")


def test_it_is_tidy(project):
    for what in (["check", RULES], ["format", "--check"]):
        done = run(project, "-m", "ruff", *what, "--isolated", "--line-length=100", ".")
        assert done.returncode == 0, done.stdout
