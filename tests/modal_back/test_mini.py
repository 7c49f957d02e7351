"""Every bundled task of BCB-Agent over the stand-in for Modal. ``tox -e modal`` runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_smallbench.benchmarks.bcb_agent.mini import records

if TYPE_CHECKING:
    from modal_runs import Project

COUNT = len(records())


def test_the_oracle_resolves_every_task(project: Project) -> None:
    done = project.run("-n2", "--smallbench-output=whole")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"bcb-agent: resolved {COUNT}/{COUNT} (100.0%" in done.stdout.splitlines()[-1]
    assert project.report("whole")["benchmarks"]["bcb-agent"]["summary"]["resolved"] == COUNT
