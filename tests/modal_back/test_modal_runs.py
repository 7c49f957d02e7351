"""Whole runs over the stand-in for Modal, on BCB-Agent's bundled tasks."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_smallbench.sandboxes.modal import MISSING, NO_ACCOUNT

pytest.importorskip("modal")

from grpclib import Status

if TYPE_CHECKING:
    from modal_runs import Project
    from modal_service import ModalService


def test_tasks_are_resolved(project: Project, modal_service: ModalService) -> None:
    done = project.run("-n2", "--smallbench-limit=2", "--smallbench-output=resolved")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "bcb-agent: resolved 2/2 (100.0%" in done.stdout.splitlines()[-1]
    environment = project.report("resolved")["benchmarks"]["bcb-agent"]["environment"]
    assert environment["sandbox"] == "modal"
    assert not modal_service.living


def test_a_service_that_stops_is_an_error_and_no_failure(
    project: Project, modal_service: ModalService, tmp_path: Path
) -> None:
    created = modal_service.calls["SandboxCreateV2"]
    # Three are opened before any task: two to look at an image that is new here, one by the run.
    modal_service.refuse("SandboxCreateV2", Status.UNAVAILABLE, 99, "closed for today", after=3)
    options = ["-n0", "--smallbench-limit=2", "--smallbench-output=stopped"]
    done = project.run(*options, SMALLBENCH_CACHE=str(tmp_path))
    modal_service.refusals.clear()
    assert modal_service.calls["SandboxCreateV2"] > created + 3 + 2  # more than once a task
    assert done.returncode == 7  # nothing was graded
    results = project.report("stopped")["results"]
    assert [one["outcome"] for one in results] == ["error", "error"]
    reason = "SandboxError: Modal, creating a sandbox: closed for today"
    assert {one["reason"] for one in results} == {reason}


def test_without_an_account_nothing_starts(project: Project) -> None:
    done = project.run("-n0", MODAL_TOKEN_ID="ak-unknown")
    assert done.returncode == 4
    assert said_by(done) == [
        f"--smallbench-sandbox=modal: Modal, looking for the app: {NO_ACCOUNT}"
    ]


def test_without_the_package_nothing_starts(project: Project, tmp_path: Path) -> None:
    (tmp_path / "modal.py").write_text("raise ImportError('as if it were not there')")
    done = project.run("-n0", PYTHONPATH=str(tmp_path))
    assert done.returncode == 4
    assert said_by(done) == [f"--smallbench-sandbox=modal: {MISSING}"]


def said_by(done: subprocess.CompletedProcess[str]) -> list[str]:
    lines = (done.stdout + done.stderr).splitlines()
    return [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
