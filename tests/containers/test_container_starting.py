"""A container that is not to be while it is being made: an error, and nothing is left."""

from __future__ import annotations

import gc
import socket
from typing import TYPE_CHECKING

import pytest
from container_samples import BASE

from pytest_smallbench.contracts import SandboxLimits, SandboxSetup
from pytest_smallbench.errors import SandboxError
from pytest_smallbench.sandboxes.docker import container
from pytest_smallbench.sandboxes.docker.labels import labels
from pytest_smallbench.sandboxes.docker.leftovers import found

if TYPE_CHECKING:
    from docker import APIClient


@pytest.fixture
def making() -> set[socket.socket]:
    return set()


def start(client: APIClient, run: str, making: set[socket.socket]) -> None:
    kind = container.Kind(BASE, SandboxSetup(python="python3"), labels(run), cpus=1)
    with pytest.raises(SandboxError):
        container.start(client, kind, making, SandboxLimits())
    gc.collect()  # a socket that was left open would be told here, as an error
    assert not making
    assert [one for one in found(client) if one.run == run] == []


def test_one_that_is_gone_before_its_start(
    client: APIClient, run: str, making: set[socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = client.start

    def too_late(id: str) -> None:
        client.remove_container(id, force=True)
        begin(id)

    monkeypatch.setattr(client, "start", too_late)
    start(client, run, making)


def test_one_that_nobody_wants_any_more(
    client: APIClient, run: str, making: set[socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = client.start

    def for_nobody(id: str) -> None:
        begin(id)
        container.abandon(making)

    monkeypatch.setattr(client, "start", for_nobody)
    start(client, run, making)
