"""The nouns of a task folder: what a task.toml or task.yaml comes to, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

Network: TypeAlias = Literal["public", "no-network", "allowlist"]
Form: TypeAlias = Literal["harbor", "terminal-bench"]


@dataclass(frozen=True)
class Healthcheck:
    """A command that succeeds once the container is ready."""

    command: str
    interval_s: float = 5.0
    timeout_s: float = 30.0
    start_period_s: float = 0.0
    start_interval_s: float = 5.0
    retries: int = 3


@dataclass(frozen=True)
class Place:
    """A container as the task describes it: built from ``dockerfile``, whose context is the
    folder ``context``, or made from the ready ``image``.

    ``env`` still has its ``${NAME}``; an empty ``workdir`` is the image's own.
    """

    context: Path
    dockerfile: Path | None = None
    image: str = ""
    build_timeout_s: float = 600.0
    network: Network = "public"
    cpus: float | None = None
    memory_mb: int | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    workdir: str = ""
    healthcheck: Healthcheck | None = None


@dataclass(frozen=True)
class Collect:
    """A command that runs when the agent has finished, so that its traces can be graded."""

    command: str
    timeout_s: float = 60.0
    user: str = ""


@dataclass(frozen=True)
class Artifact:
    """What a separate verifier gets to see of the agent's container."""

    source: str
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verifier:
    """What grades. ``place`` is its own container, or None for the agent's; ``bundled``: the
    image holds the tests already. ``script`` is run in the container. ``by_exit``: its exit
    status is the verdict, and no reward file."""

    script: str = "/tests/test.sh"
    timeout_s: float = 600.0
    user: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    network: Network | None = None
    place: Place | None = None
    bundled: bool = False
    collect: tuple[Collect, ...] = ()
    by_exit: bool = False


@dataclass(frozen=True)
class FolderTask:
    """A whole task. ``tests`` and ``solution`` are host paths and where they go in the
    container; ``solve`` is the script that the oracle runs there, empty where there is none.
    ``unmet`` says what the task asks for that no engine could give it here."""

    folder: Path
    form: Form
    instruction: str
    place: Place
    verifier: Verifier
    tests: tuple[tuple[Path, str], ...] = ()
    solution: tuple[tuple[Path, str], ...] = ()
    solve: str = ""
    solution_env: Mapping[str, str] = field(default_factory=dict)
    agent_timeout_s: float | None = None
    agent_user: str = ""
    agent_network: Network | None = None
    artifacts: tuple[Artifact, ...] = ()
    category: str = ""
    tags: tuple[str, ...] = ()
    skills: str = ""
    unmet: tuple[str, ...] = ()

    @property
    def places(self) -> tuple[Place, ...]:
        """Every container that the task needs."""
        return (self.place,) if self.verifier.place is None else (self.place, self.verifier.place)
