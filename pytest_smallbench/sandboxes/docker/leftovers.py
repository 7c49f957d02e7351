"""What runs leave on an engine when they are killed, found by its labels and removed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .engine import failing_as
from .labels import RUN, state_of

if TYPE_CHECKING:
    from docker import APIClient

Wanted = Callable[[Mapping[str, str]], bool]


@dataclass(frozen=True)
class Leftover:
    """What carries our labels. ``kind``: container, volume, network or image."""

    kind: str
    name: str
    run: str
    labels: Mapping[str, str]


def sweep(client: APIClient) -> list[Leftover]:
    """Remove everything of dead runs; what was removed. Others' are left alone."""
    return remove(client, lambda labels: state_of(labels) == "dead")


def sweep_run(client: APIClient, run: str) -> list[Leftover]:
    """Remove everything of that run, at its end."""
    return remove(client, lambda labels: labels.get(RUN) == run)


def remove(client: APIClient, wanted: Wanted) -> list[Leftover]:
    """Remove what ``wanted`` is true for. Two sweeps at a time do not disturb each other."""
    with failing_as("clearing up"):
        return [one for one in found(client) if wanted(one.labels) and _removed(client, one)]


def found(client: APIClient) -> Iterator[Leftover]:
    """Everything on the engine that carries our labels; containers first, they hold the rest."""
    chosen = {"label": RUN}
    for one in client.containers(all=True, filters=chosen):
        yield _leftover("container", one["Id"][:12], one)
    for one in client.volumes(filters=chosen)["Volumes"] or []:
        yield _leftover("volume", one["Name"], one)
    for one in client.networks(filters=chosen):
        yield _leftover("network", one["Name"], one)
    for one in client.images(filters=chosen):  # snapshots; what is built carries no label
        yield _leftover("image", one["Id"], one)


def _leftover(kind: str, name: str, description: Mapping[str, Any]) -> Leftover:
    labels = description.get("Labels") or {}
    return Leftover(kind, name, labels.get(RUN, ""), labels)


def _removed(client: APIClient, one: Leftover) -> bool:
    """False where somebody else was quicker."""
    from docker.errors import APIError

    with contextlib.suppress(APIError):
        if one.kind == "container":
            client.remove_container(one.name, force=True, v=True)
        elif one.kind == "volume":
            client.remove_volume(one.name, force=True)
        elif one.kind == "image":
            client.remove_image(one.name, force=True)
        else:
            client.remove_network(one.name)
        return True
    return False
