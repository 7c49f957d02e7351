"""What the tests of AgentBench's database and knowledge graph share: worlds, opened and played."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from pytest_smallbench.benchmarks.agentbench import kinds
from pytest_smallbench.benchmarks.agentbench.worlds import Host, Judgement, Record, World

from pytest_smallbench.contracts import Observation, Sandbox, SandboxLimits, ToolCall

DIFFICULTIES = ("easy", "medium", "hard")


def no_sandbox(_limits: SandboxLimits) -> Sandbox:
    raise AssertionError("neither environment needs a sandbox")


def host(folder: Path | None = None, **values: str) -> Host:
    return Host(Path("unused"), no_sandbox, values, folder)


@contextmanager
def opened(record: Record, where: Host | None = None) -> Iterator[World]:
    """The record's world, closed in the end."""
    from importlib import import_module

    module, _, name = kinds.KINDS[record.environment].world.partition(":")
    package = "pytest_smallbench.benchmarks.agentbench"
    with closing(getattr(import_module(module, package), name)(record, where or host())) as world:
        yield world


def played(world: World, calls: Sequence[ToolCall]) -> list[Observation]:
    return [world.call(call.name, arguments(call)) for call in calls]


def arguments(call: ToolCall) -> Mapping[str, Any]:
    assert not isinstance(call.arguments, str)
    return call.arguments


def judged_after_reference(record: Record, where: Host | None = None) -> Judgement:
    with opened(record, where) as world:
        played(world, world.reference())
        return world.judge(None)


def agrees(record: Record, judgement: Judgement) -> bool:
    """Whether the seed's substring rule sees what the environment's own rule sees."""
    return (record.expected_output or "").lower() in judgement.line.lower()


_TRANSCRIPT = """
import hashlib
from agentbench_worlds import DIFFICULTIES, generated, opened, played
for number in range(12):
    record = generated({key!r}, 5, number)
    with opened(record) as world:
        said = [world.observe(), *played(world, world.reference()), world.judge(None)]
    print(hashlib.sha256(repr((record, said)).encode()).hexdigest())
"""


def generated(key: str, seed: int, number: int) -> Record:
    """The generated task of that number, difficulties by turns."""
    from importlib import import_module

    module, _, name = kinds.KINDS[key].generator.partition(":")
    package = "pytest_smallbench.benchmarks.agentbench"
    generate = getattr(import_module(module, package), name)
    record = generate(seed, number, DIFFICULTIES[number % 3])
    assert isinstance(record, Record)
    return record


def transcripts(key: str, hash_seed: str) -> list[str]:
    """Digests of 12 generated tasks and of all that is said in them, from a new process."""
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    environment["PYTHONPATH"] = str(Path(__file__).parent)
    program = [sys.executable, "-c", _TRANSCRIPT.format(key=key)]
    folder = Path(__file__).parent  # in the checkout, that would be imported, not the wheel
    ran = subprocess.run(
        program, env=environment, cwd=folder, capture_output=True, text=True, check=True
    )
    return ran.stdout.split()


def published_data() -> Path:
    """The folder with published records, where it is at hand."""
    folder = os.environ.get("SMALLBENCH_TEST_DATA")
    if not folder:
        pytest.skip("SMALLBENCH_TEST_DATA does not name a folder with the published records")
    return Path(folder) / "agentbench"
