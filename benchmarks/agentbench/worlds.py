"""What an environment of AgentBench is made of: the nouns that the seven of them share.

This module knows the core's contracts and nothing else of the benchmark. A world holds the
state of one task and carries out its tools; everything that the seven have in common (call
limits, the end of an episode, the seed's substring rule, metrics) is ``environment.py``'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from pytest_smallbench.contracts import Model, Observation, Sandbox, SandboxLimits, Tool, ToolCall


@dataclass(frozen=True)
class Record:
    """One task of one environment, whole: gold and all. The agent sees ``instruction`` only.

    ``id`` is bare (``os/g0-00017``, ``db/std-00042``); ``environment`` is a kind's key;
    ``data`` are the environment's own fields, plain JSON values; ``difficulty`` is empty for
    records that have none.
    """

    id: str
    environment: str
    instruction: str
    expected_output: str | None
    data: Mapping[str, Any] = field(default_factory=dict)
    split: str = ""
    difficulty: str = ""


@dataclass(frozen=True)
class Judgement:
    """An environment's own verdict. ``score`` is its own metric, 0..1; ``line`` is the
    canonical last line that goes below the agent's answer, so that the seed's substring rule
    can agree with the rule of the environment (specification, section 0.1)."""

    resolved: bool
    score: float
    line: str
    explanation: str = ""
    metrics: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Host:
    """What a world may use of the machine.

    ``values`` are the benchmark's own settings (--smallbench-set); ``folder`` is the data
    set's folder where the records come from one, ``cache`` a folder for derived files.
    ``judge_model`` opens the chat model for a judge that needs one; without it the judge opens
    its own at OPENAI_BASE_URL.
    """

    cache: Path
    open_sandbox: Callable[[SandboxLimits], Sandbox]
    values: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    judge_model: Callable[[], Model] | None = None


class World(Protocol):
    """The state of one task. Made by ``Kind.world(record, host)``; starts in milliseconds.

    The same calls on the same record give byte-identical observations, in every process and
    after ``restore``. What the agent does never raises: it is answered in words. Only
    InfrastructureError may come out.
    """

    @property
    def tools(self) -> Sequence[Tool]: ...

    def observe(self) -> str:
        """The first observation: rules, the task's text, what is there."""

    def call(self, name: str, arguments: Mapping[str, Any]) -> Observation:
        """Carry out a tool. Name and arguments fit the tool's schema already; the episode is
        not over. ``done`` on the observation ends it."""

    def judge(self, answer: str | None) -> Judgement:
        """The verdict on the state as it is; ``answer`` is the text that the agent's solve
        returned or said last, for those environments where a plain text is the answer."""

    def snapshot(self) -> str: ...

    def restore(self, snapshot: str) -> None: ...

    def reference(self) -> Sequence[ToolCall]:
        """The gold calls; a fresh world that is played them is resolved."""

    def close(self) -> None: ...


Maker: TypeAlias = Callable[[Record, Host], World]
Generator: TypeAlias = Callable[..., Record]
"""``generate(seed, number, difficulty)``: the task ``<key>/g<seed>-<number:05d>``, alone. That
of a kind with the setting ``language`` takes it as a keyword.

It depends on nothing but its arguments (no state, no order, no hash(), no clock), so that any
worker makes any task by itself. ``difficulty`` is one of ``DIFFICULTIES``.
"""
Reader: TypeAlias = Callable[[Path], Iterable[Record]]
"""``read(folder)``: the published records of one environment in a folder in the normalised
format, in natural order, ids ``<key>/<split>-<the record's own id>``. Raises UsageMistake with
file, line and field for a broken one."""

Requirements: TypeAlias = Callable[[Record, str], str]
"""``unmet(record, sandbox)``: why this machine, with this kind of sandbox, cannot grade the
record, in one line; empty where it can. Asked on the controller, before anything starts."""

DIFFICULTIES = ("easy", "medium", "hard")


@dataclass(frozen=True)
class Kind:
    """One of the seven environments, as the table in ``kinds.py`` lists it.

    ``world``, ``generator``, ``reader`` and ``requirements`` (may be empty) are texts
    ``module:attribute`` relative to this package, imported when used. ``weight`` is the fixed
    divisor of AgentBench's overall score (specification, section 0.3), ``metric`` the name of
    its own score; limits are the published ones: model turns and seconds an attempt.
    ``sandboxed``: it runs the agent's code. ``text_answer``: see ``contracts.Task``.
    """

    key: str
    title: str
    metric: str
    weight: float
    max_steps: int
    timeout_s: float
    world: str
    generator: str
    reader: str
    settings: tuple[str, ...] = ()
    sandboxed: bool = False
    text_answer: str = ""
    requirements: str = ""
