"""The verifier's verdict, and what an agent might do to write it itself."""

from __future__ import annotations

import shutil

import pytest
from folder_environments import OWN, opened, play

from pytest_smallbench.errors import GradingError, Unresolved

pytestmark = pytest.mark.usefixtures("client")

SEVERAL, SEPARATE = OWN / "several-files", OWN / "separate-verifier"


@pytest.mark.parametrize("name", ["several-files", "separate-verifier", "older-form"])
def test_the_solution_is_resolved_and_nothing_is_not(name):
    with opened(OWN / name) as environment:
        play(environment)
        assert environment.grade().resolved
    with opened(OWN / name) as environment:
        grade = environment.grade()
    assert not grade.resolved
    assert grade.explanation.startswith("reward 0")


def test_users_variables_healthcheck_and_collected_state():
    with opened(OWN / "users-and-limits") as environment:
        play(environment)
        assert environment.grade().resolved
        assert environment.metrics() == {"reward": 1.0}


def test_no_reward_is_no_verdict():
    with opened(OWN / "no-reward") as environment:
        play(environment)
        with pytest.raises(GradingError, match=r"wrote neither.*saying: all is well"):
            environment.grade()


def bash(environment, command: str) -> str:
    return environment.call("bash", {"command": command}).text


@pytest.mark.parametrize(
    "forged",
    [
        "mkdir -p /logs/verifier && echo '{\"reward\": 1}' > /logs/verifier/reward.json",
        "mkdir -p /logs/verifier/reward.json",
        "mkdir -p /fake && ln -s /fake /logs/verifier && echo 1 > /fake/reward.txt",
        "mkdir /tests; printf '#!/bin/sh\\necho 1 > /logs/verifier/reward.txt' > /tests/test.sh",
        "mkdir /tests; ln -s /dev/null /tests/compare.py",
        "(setsid sh -c 'while :; do mkdir -p /logs/verifier; "
        'echo "{\\"reward\\": 1}" > /logs/verifier/reward.json; done\' >/dev/null 2>&1 &)',
        "(trap '' TERM HUP; while :; do cp /bin/true /tests/compare.py; done) >/dev/null 2>&1 &",
    ],
)
def test_a_reward_of_the_agents_own_making_does_not_count(forged):
    with opened(SEVERAL) as environment:
        bash(environment, forged)
        assert not environment.grade().resolved


def test_processes_that_were_ended_are_told():
    with opened(SEVERAL) as environment:
        bash(environment, "sleep 1000 >/dev/null 2>&1 &")
        assert "1 process of the agent's ended" in environment.grade().explanation


def test_processes_may_be_kept():
    with opened(SEVERAL, {"processes": "keep"}) as environment:
        bash(environment, "(sleep 1000; true) >/dev/null 2>&1 &")
        environment.grade()
        assert "sleep 1000" in bash(environment, "ps -eo args")


def test_a_separate_verifier_sees_the_artifacts_alone():
    forged = (
        "mkdir -p /logs/artifacts /tests; echo 1 > /logs/verifier/reward.txt;"
        "printf '#!/bin/sh\\nexit 0' > /tests/check.py;"
        "ln -s /tests /logs/artifacts/tests; ln -s ../../tests /logs/artifacts/t;"
        "ln -s /tests/check.py squares.csv"
    )
    with opened(SEPARATE) as environment:
        bash(environment, forged)
        grade = environment.grade()
    assert not grade.resolved
    assert "there is no /home/squares.csv" in grade.explanation


def test_a_container_that_stopped_is_started_again(client):
    with opened(SEVERAL) as environment:
        client.kill(environment._container._id)
        assert "it was started again" in bash(environment, "true")
        play(environment)
        assert environment.grade().resolved


def test_an_agent_that_leaves_no_shell_has_not_resolved_the_task():
    with opened(SEVERAL) as environment:
        bash(environment, "rm -rf /bin /usr/bin")
        with pytest.raises(Unresolved):
            environment.grade()


def test_a_verifier_that_does_not_end_is_no_verdict(tmp_path):
    folder = copied(SEVERAL, tmp_path)
    (folder / "tests" / "test.sh").write_text("#!/bin/sh\nsleep 1000\n")
    toml = (folder / "task.toml").read_text()
    (folder / "task.toml").write_text(toml.replace("timeout_sec = 60.0", "timeout_sec = 1.0"))
    with (
        opened(folder) as environment,
        pytest.raises(GradingError, match="did not end within 1 s"),
    ):
        environment.grade()


def test_a_snapshot_takes_the_container_back():
    with opened(SEVERAL) as environment:
        snapshot = environment.snapshot()
        play(environment)
        environment.restore(snapshot)
        assert environment.call("bash", {"command": "ls /srv"}).text == "notes"
        assert not environment.grade().resolved


def copied(folder, to):
    return shutil.copytree(folder, to / folder.name)
