"""A host with real sandboxes for the tests of the operating-system environment."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_smallbench.benchmarks.agentbench.environments.operating_system.world import (
    OsWorld,
    open_world,
)
from pytest_smallbench.benchmarks.agentbench.worlds import Host, Record

from pytest_smallbench.contracts import SandboxSetup
from pytest_smallbench.sandboxes.process import ProcessSandboxes

UNAVAILABLE = ProcessSandboxes().unavailable()
needs_sandbox = pytest.mark.skipif(bool(UNAVAILABLE), reason=UNAVAILABLE)
OpenWorld = Callable[[Record], OsWorld]


@pytest.fixture(name="host", scope="module")
def real_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    back = ProcessSandboxes()
    address = back.start(SandboxSetup(python=sys.executable))
    yield Host(tmp_path_factory.mktemp("cache"), lambda limits: back.open(address, limits))
    back.stop()


@pytest.fixture(name="opened")
def opened_worlds(host: Host) -> Iterator[OpenWorld]:
    """Opens worlds, and closes them when the test ends."""
    worlds: list[OsWorld] = []

    def opener(record: Record) -> OsWorld:
        worlds.append(open_world(record, host))
        return worlds[-1]

    yield opener
    for world in worlds:
        world.close()


def record(**data: Any) -> Record:
    """A record with these fields of the environment's own; scripts may be plain text."""
    for name in ("start", "example"):
        if isinstance(data.get(name), str):
            data[name] = {"lang": "bash", "code": data[name]}
    if isinstance(data.get("init"), str):
        data["init"] = [{"lang": "bash", "code": data["init"]}]
    return Record("os/test-1", "os", "Do it.", None, data)


def checked_by(code: str) -> dict[str, Any]:
    """A rule with one check script."""
    return {"kind": "check", "steps": [{"use": "script", "lang": "bash", "code": code}]}


def compared(comparator: str, **more: Any) -> dict[str, Any]:
    """A rule that compares the answer with what the example prints."""
    check = {"use": "script", "lang": "python", "code": "", "file": f"check/{comparator}.py"}
    return {"kind": "check", "steps": [{"use": "example"}, check], **more}


def bash(world: OsWorld, script: str) -> str:
    return world.call("bash_action", {"script": script}).text


def answer(world: OsWorld, text: str) -> bool:
    """Commit an answer, and tell whether it is right."""
    assert world.call("answer_action", {"answer": text}).done
    return world.judge(None).resolved


def finish(world: OsWorld) -> bool:
    assert world.call("finish_action", {"thought": "done"}).done
    return world.judge(None).resolved


def play_reference(world: OsWorld) -> bool:
    for call in world.reference():
        assert isinstance(call.arguments, dict)
        world.call(call.name, call.arguments)
    return world.judge(None).resolved
