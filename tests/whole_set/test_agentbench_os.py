"""Every operating-system task, published and generated: ``tox run -e whole-set``.

Two systems a task, so it is not part of the ordinary suite. The published records come from
``agentbench/os_*.jsonl.gz`` in the folder that SMALLBENCH_TEST_DATA names.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from pytest_smallbench.benchmarks.agentbench.environments.operating_system.published import read
from pytest_smallbench.benchmarks.agentbench.environments.operating_system.requirements import unmet
from pytest_smallbench.benchmarks.agentbench.environments.operating_system.world import open_world
from pytest_smallbench.benchmarks.agentbench.generators.operating_system import generate
from pytest_smallbench.benchmarks.agentbench.worlds import DIFFICULTIES, Host, Record

from pytest_smallbench.contracts import SandboxSetup
from pytest_smallbench.errors import InfrastructureError
from pytest_smallbench.sandboxes.process import ProcessSandboxes

DEV, STD = 25, 135  # the specification's counts; one fewer has its cause printed


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    back = ProcessSandboxes()
    address = back.start(SandboxSetup(python=sys.executable))
    yield Host(tmp_path_factory.mktemp("cache"), lambda limits: back.open(address, limits))
    back.stop()


def gold(record: Record, host: Host) -> str:
    """Empty where the reference is resolved, else why it is not."""
    if reason := unmet(record):
        return f"skipped: {reason}"
    try:
        world = open_world(record, host)
    except InfrastructureError as error:
        return str(error)
    try:
        for call in world.reference():
            assert isinstance(call.arguments, dict)
            world.call(call.name, call.arguments)
        return world.judge(None).explanation
    except InfrastructureError as error:
        return str(error)
    finally:
        world.close()


def accepts(record: Record, host: Host, answer: str) -> bool:
    world = open_world(record, host)
    world.call("answer_action", {"answer": answer})
    resolved = world.judge(None).resolved
    world.close()
    return resolved


def failures(records: Iterable[Record], host: Host) -> dict[str, str]:
    found = {record.id: gold(record, host) for record in records}
    return {id: reason for id, reason in found.items() if reason}


def test_the_published_references(host: Host) -> None:
    folder = os.environ.get("SMALLBENCH_TEST_DATA")
    if not folder:
        pytest.skip("SMALLBENCH_TEST_DATA does not name a folder with the real data")
    records = list(read(Path(folder) / "agentbench"))
    bad = failures(records, host)
    for id, reason in bad.items():
        print(f"{id}: {reason}")
    dev = [record.id for record in records if record.split == "dev" and record.id not in bad]
    assert len(dev) >= DEV
    assert len(records) - len(bad) - len(dev) >= STD
    fooled = [one.id for one in records if one.id not in bad and accepts(one, host, "98765 no")]
    assert fooled == []


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_generated_references(host: Host, seed: int) -> None:
    records = [generate(seed, number, DIFFICULTIES[number // 5 % 3]) for number in range(50)]
    assert failures(records, host) == {}
