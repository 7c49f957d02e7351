"""Generated operating-system tasks: the same everywhere, and right in a real system."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict

import pytest
from agentbench_os_host import (
    OpenWorld,
    answer,
    bash,
    finish,
    needs_sandbox,
    opened_worlds,  # noqa: F401 - a fixture
    play_reference,
    real_host,  # noqa: F401 - a fixture
)
from pytest_smallbench.benchmarks.agentbench.environments.operating_system.requirements import unmet
from pytest_smallbench.benchmarks.agentbench.environments.operating_system.task import parse
from pytest_smallbench.benchmarks.agentbench.generators.operating_system import (
    COMPLETED,
    generate,
)
from pytest_smallbench.benchmarks.agentbench.worlds import DIFFICULTIES, Record

MODULE = "pytest_smallbench.benchmarks.agentbench.generators.operating_system"


def many(count: int, seed: int = 0) -> list[Record]:
    return [generate(seed, at, difficulty) for at in range(count) for difficulty in DIFFICULTIES]


def one_of_each_template() -> list[Record]:
    """At each template's hardest."""
    found: dict[str, Record] = {}
    for number in range(200):
        record = generate(7, number, "hard")
        found.setdefault(record.data["template"], record)
    return list(found.values())


def test_ids_and_fields() -> None:
    record = generate(3, 17, "medium")
    assert (record.id, record.environment, record.difficulty) == ("os/g3-00017", "os", "medium")
    for record in many(60):
        assert parse(record.data).kind in ("check", "state", "command")
        assert record.expected_output
        assert json.loads(json.dumps(record.data)) == record.data


def test_each_is_made_alone_and_the_same_everywhere() -> None:
    code = f"from {MODULE} import generate; from dataclasses import asdict; import json\n"
    code += "print(json.dumps([asdict(generate(5, n, 'hard')) for n in reversed(range(40))]))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONHASHSEED": "3"},
        cwd=__file__.rpartition("/")[0],  # in the checkout, that would be imported, not the wheel
        capture_output=True,
        check=True,
    )
    here = [asdict(generate(5, number, "hard")) for number in range(40)]
    assert json.loads(done.stdout)[::-1] == json.loads(json.dumps(here))


def test_seeds_numbers_and_difficulties_differ() -> None:
    texts = {record.instruction + str(record.data) for seed in (0, 1) for record in many(50, seed)}
    assert len(texts) == 2 * 50 * len(DIFFICULTIES)


def test_every_family_asks_in_several_ways() -> None:
    families = {record.data["template"].split()[0] for record in many(5)}
    assert families == {"log", "tree", "text", "state", "command"}
    assert len(one_of_each_template()) >= 24


def test_a_harder_one_has_more_to_look_through() -> None:
    sizes = [
        sum(len(str(generate(0, number, difficulty).data["init"])) for number in range(100))
        for difficulty in DIFFICULTIES
    ]
    assert sizes == sorted(sizes)
    assert sizes[2] > 2 * sizes[0]


def test_the_mistake_is_not_the_answer() -> None:
    for record in many(300):
        assert record.data["wrong"] != record.expected_output, record


@needs_sandbox
@pytest.mark.parametrize("record", one_of_each_template(), ids=lambda one: one.data["template"])
class TestInASystem:
    def test_shell_and_model_agree(self, opened: OpenWorld, record: Record) -> None:
        if reason := unmet(record):
            pytest.skip(reason)
        world = opened(record)
        seen = bash(world, record.data["example"]["code"])
        if record.expected_output != COMPLETED:
            assert seen == f"The output of the OS:\n\n{record.expected_output}"
        assert play_reference(world)
        assert record.expected_output in world.judge(None).line

    def test_nothing_and_a_mistake_are_not_right(self, opened: OpenWorld, record: Record) -> None:
        if reason := unmet(record):
            pytest.skip(reason)
        world = opened(record)
        assert not world.judge(None).resolved
        if record.expected_output != COMPLETED:
            assert not answer(world, record.data["wrong"])
            return
        assert not finish(world)
        bash(world, record.data["wrong"])
        judgement = world.judge(None)
        assert not judgement.resolved
        assert record.expected_output not in judgement.line
