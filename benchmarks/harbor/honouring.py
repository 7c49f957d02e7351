"""What a task asks of the engine, and why it is skipped where the engine cannot give it.

Nothing is left out silently: a task either runs as it is written, or is skipped by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .own_settings import OwnSettings
from .task import FolderTask, Network, Place
from .variables import missing


@dataclass(frozen=True)
class Engine:
    """What the engine has."""

    bridge: bool
    cpus: float
    memory_mb: int


def reason_to_skip(task: FolderTask, engine: Engine, settings: OwnSettings) -> str:
    """One line that names everything that cannot be had; empty where all of it can."""
    reasons = list(dict.fromkeys(_reasons(task, engine, settings)))
    return f"cannot be run here: {'; '.join(reasons)}" if reasons else ""


def agents_network(task: FolderTask, settings: OwnSettings) -> Network:
    """The network while the agent works; the container has the same before and after."""
    return "no-network" if settings.offline else task.agent_network or task.place.network


def verifiers_network(task: FolderTask, settings: OwnSettings) -> Network:
    if settings.offline:
        return "no-network"
    return task.verifier.network or (task.verifier.place or task.place).network


def _reasons(task: FolderTask, engine: Engine, settings: OwnSettings) -> Iterator[str]:
    yield from task.unmet
    networks = (agents_network(task, settings), verifiers_network(task, settings))
    for network in networks:
        yield from _unmet_network(network, engine)
    if task.verifier.place is None and networks[0] != networks[1]:
        yield (
            f"the network of its container changes from {networks[0]} to {networks[1]} for the "
            "verifier"
        )
    for place in task.places:
        yield from _too_large(place, engine)
    for env in _environments(task):
        yield from missing(env, settings.host_env)


def _unmet_network(network: Network, engine: Engine) -> Iterator[str]:
    if network == "allowlist":
        yield "it may reach some hosts only (network_mode allowlist), which is not built"
    elif network == "public" and not engine.bridge:
        yield (
            "it needs a network (network_mode public) and the engine has no bridge; "
            "--smallbench-set=network=none runs it without one"
        )


def _too_large(place: Place, engine: Engine) -> Iterator[str]:
    if place.cpus is not None and place.cpus > engine.cpus:
        yield f"it needs {place.cpus:g} cpus, and the engine has {engine.cpus:g}"
    if place.memory_mb is not None and place.memory_mb > engine.memory_mb:
        yield f"it needs {place.memory_mb} MB of memory, and the engine has {engine.memory_mb}"


def _environments(task: FolderTask) -> Iterator[Mapping[str, str]]:
    for place in task.places:
        yield place.env
    yield task.verifier.env
    yield task.solution_env
