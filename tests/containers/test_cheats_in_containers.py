"""Hostile submissions get the verdicts in containers that they get in processes.

A sample of them; all with SMALLBENCH_TEST_DOCKER_ALL=1.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from container_samples import BASE
from grader_samples import RECORD, SCRIPT, SIGNATURE, Grading

from pytest_smallbench.contracts import SandboxSetup
from pytest_smallbench.sandboxes.docker import DockerSandboxes
from pytest_smallbench.testing.cheats import Hostile, Kind, collection

if TYPE_CHECKING:
    from docker import APIClient

EVERY = 1 if os.environ.get("SMALLBENCH_TEST_DOCKER_ALL") == "1" else 4


def some(kind: Kind) -> list[Hostile]:
    return list(collection(kind)[::EVERY])


@pytest.fixture(scope="module")
def grading(client: APIClient) -> Iterator[Grading]:
    back = DockerSandboxes()
    yield Grading(back, back.start(SandboxSetup(python="python3", image=BASE)))
    back.stop()


@pytest.mark.parametrize("hostile", some("cheat"), ids=lambda hostile: hostile.name)
def test_a_cheat_is_unresolved(grading: Grading, hostile: Hostile) -> None:
    verdict = grading(RECORD, hostile.render("word_counts"), wall_s=30.0)
    assert not verdict.resolved
    assert verdict.explanation


@pytest.mark.parametrize("hostile", some("odd"), ids=lambda hostile: hostile.name)
def test_an_odd_one_is_resolved(grading: Grading, hostile: Hostile) -> None:
    verdict = grading(RECORD, hostile.render("word_counts", SIGNATURE, SCRIPT))
    assert (verdict.resolved, verdict.explanation) == (True, "")


@pytest.mark.parametrize("hostile", some("harm"), ids=lambda hostile: hostile.name)
def test_a_harm_is_unresolved_and_the_next_one_is_graded(
    grading: Grading, hostile: Hostile
) -> None:
    verdict = grading(RECORD, hostile.render("word_counts", SIGNATURE), wall_s=2.0)
    assert not verdict.resolved
    assert verdict.explanation
    assert grading(RECORD, SCRIPT).resolved
