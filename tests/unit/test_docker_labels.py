"""Labels tell whether the run behind a container still lives."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pytest_smallbench.sandboxes.docker.labels import OWNER, labels, owner, state_of

NAME = "from pytest_smallbench.sandboxes.docker.labels import owner; print(owner())"


def changed(place: int, value: str) -> dict[str, str]:
    parts = owner().split("/")
    parts[place] = value
    return {OWNER: "/".join(parts)}


def test_this_process_is_alive() -> None:
    assert state_of(labels("a-run")) == "alive"


def test_one_that_has_ended_is_dead(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", NAME], capture_output=True, text=True, cwd=tmp_path
    )
    assert state_of({OWNER: done.stdout.strip()}) == "dead"


def test_a_pid_that_was_given_again_is_another_s() -> None:
    assert state_of(changed(4, "1")) == "dead"


def test_an_earlier_boot_s_is_dead() -> None:
    assert state_of(changed(1, "an-earlier-one")) == "dead"


def test_another_machine_s_is_not_ours_to_judge() -> None:
    assert state_of(changed(0, "0123456789ab")) == "unknown"


def test_another_container_s_is_not_ours_to_judge() -> None:
    assert state_of(changed(2, "7")) == "unknown"


def test_labels_that_somebody_else_made() -> None:
    assert state_of({OWNER: "me"}) == "unknown"
    assert state_of({}) == "unknown"
