"""What killed runs leave is found by its labels and removed; what lives is left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from container_samples import BASE

from pytest_smallbench.sandboxes.docker import labels as labels_module
from pytest_smallbench.sandboxes.docker.labels import OWNER, RUN, labels, owner
from pytest_smallbench.sandboxes.docker.leftovers import found, sweep, sweep_run

if TYPE_CHECKING:
    from docker import APIClient


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, run: str) -> None:
    """As on a machine of its own: other tests' runs sweep what is dead on this one."""
    monkeypatch.setattr(labels_module, "_machine", lambda: run)


def of_the_dead(run: str) -> dict[str, str]:
    """The labels of a process that has ended: this pid had another start."""
    parts = owner().split("/")
    return {RUN: run, OWNER: "/".join([*parts[:4], "1"])}


def make_all(client: APIClient, marks: dict[str, str]) -> None:
    client.create_volume(name=f"{marks[RUN]}-volume", labels=marks)
    no_network = client.create_host_config(network_mode="none")
    sleeping = client.create_container(BASE, ["sleep", "600"], labels=marks, host_config=no_network)
    client.start(sleeping)
    client.create_container(BASE, ["true"], labels=marks)


def kinds(client: APIClient, run: str) -> list[str]:
    return sorted(one.kind for one in found(client) if one.run == run)


def test_a_dead_run_s_are_removed(client: APIClient, run: str) -> None:
    make_all(client, of_the_dead(run))
    removed = [one.kind for one in sweep(client) if one.run == run]
    assert sorted(removed) == ["container", "container", "volume"]
    assert kinds(client, run) == []


def test_a_living_run_s_are_left_alone(client: APIClient, run: str) -> None:
    make_all(client, labels(run))
    assert run not in {one.run for one in sweep(client)}
    assert kinds(client, run) == ["container", "container", "volume"]
    sweep_run(client, run)
    assert kinds(client, run) == []


def test_a_dead_run_s_snapshots_are_removed(client: APIClient, run: str) -> None:
    made = client.create_container(BASE, ["true"])
    client.commit(made["Id"], conf={"Labels": of_the_dead(run)})
    client.remove_container(made["Id"])
    assert kinds(client, run) == ["image"]
    sweep(client)
    assert kinds(client, run) == []
