"""The nouns of this project, on one page. This module knows no other room.

Benchmarks, agents, sandboxes and models meet only through what is written here.
All dataclasses are frozen and hold plain values, so that they can travel between
processes; times are wall-clock seconds, sizes are bytes, costs are US dollars.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, runtime_checkable

if TYPE_CHECKING:
    from pytest_smallbench.settings import Settings

Outcome: TypeAlias = Literal["resolved", "unresolved", "error", "skipped", "not_run"]
Message: TypeAlias = dict[str, Any]
"""One chat message in the shape of the OpenAI chat-completions protocol."""


# -- the task ---------------------------------------------------------------------


@dataclass(frozen=True)
class Limits:
    """What one attempt may use.

    ``max_steps`` counts model turns, or tool calls for an agent that asks no model of
    ours; ``max_tokens`` counts prompt and completion together; None is no limit.
    """

    max_steps: int | None = 10
    timeout_s: float | None = 600.0
    max_tokens: int | None = None


@dataclass(frozen=True)
class Task:
    """One problem, as the agent may see it: nothing of the grader is in here but
    ``expected_output``, for the report, which an agent's ``environment.task`` does without.

    ``id`` is the data set's own id (``BigCodeBench/0``), ``name`` the item's
    (``BigCodeBench/0[instruct]``): the two differ only where a task has several forms.
    ``tags`` become pytest marks; ``category`` groups tasks in the report.
    ``text_answer`` is a regular expression: a reply of a model's that calls no tool and that
    it is found in is the answer and ends the attempt. Empty: only a tool ends it.
    """

    id: str
    name: str
    benchmark: str
    problem_statement: str
    category: str = ""
    tags: tuple[str, ...] = ()
    form: str = ""
    expected_output: str | None = None
    text_answer: str = ""


@dataclass(frozen=True)
class TaskEntry:
    """A task in the index: all that collection may know.

    ``offset`` and ``length`` (bytes) find its record in the index's file of records.
    ``max_steps``, ``timeout_s`` and ``max_tokens`` are given where they differ from the
    benchmark's limits; ``sandboxed`` is False for a task that runs no code; ``image`` is what
    its sandbox is to be made of, where it needs one of its own.
    """

    id: str
    name: str
    category: str = ""
    tags: tuple[str, ...] = ()
    form: str = ""
    offset: int = 0
    length: int = 0
    max_steps: int | None = None
    timeout_s: float | None = None
    max_tokens: int | None = None
    sandboxed: bool = True
    image: str = ""


# -- the environment and its tools ------------------------------------------------


@dataclass(frozen=True)
class Tool:
    """One action of an environment. ``parameters`` is a JSON schema of an object; ``strict``
    asks an endpoint that can to hold the model to it."""

    name: str
    description: str
    parameters: Mapping[str, Any] = field(
        default_factory=lambda: {"type": "object", "properties": {}}
    )
    strict: bool = False


@dataclass(frozen=True)
class ToolCall:
    """A call that an agent wants made. ``arguments`` may still be a model's raw JSON."""

    name: str
    arguments: Mapping[str, Any] | str = field(default_factory=dict)
    id: str = ""


@dataclass(frozen=True)
class Observation:
    """What an environment answers. ``done``: the episode is over. ``valid`` is False
    where the call could not be carried out as asked (unknown tool, bad arguments)."""

    text: str
    done: bool = False
    valid: bool = True


@dataclass(frozen=True)
class Grade:
    """A grader's verdict. ``score`` is 0..1; ``explanation`` is one line that names why
    (never shown to the agent); ``output`` is what was graded, ``expected_output`` what it was
    held against, where that can be told; ``flags`` are remarks for the report, such as
    ``suspicious: ctypes``; they do not change the verdict."""

    resolved: bool
    score: float
    explanation: str = ""
    output: str = ""
    flags: tuple[str, ...] = ()
    expected_output: str | None = None


class Environment(Protocol):
    """What an agent acts in: the same calls on the same task give the same observations.

    A call never raises for what the agent did: a bad call is answered in words. Only
    InfrastructureError may come out of it. Nothing of the grader is visible through it.
    """

    task: Task
    answer: str | None

    @property
    def tools(self) -> Sequence[Tool]: ...

    def observe(self) -> str:
        """The first observation: the task's text and what is asked."""

    def call(self, name: str, arguments: Mapping[str, Any]) -> Observation:
        """Carry out one action. The caller has checked name and arguments already."""

    def grade(self) -> Grade:
        """The verdict on the state as it is now. Raises InfrastructureError if none is possible."""

    def snapshot(self) -> str: ...

    def restore(self, snapshot: str) -> None: ...

    def reference(self) -> Sequence[ToolCall]:
        """The gold calls, which the oracle plays through the tools."""

    def metrics(self) -> Mapping[str, float]:
        """The benchmark's own figures about this attempt (counts, or 0 and 1)."""

    def close(self) -> None: ...


@runtime_checkable
class ShowsWork(Protocol):
    """An environment may also have this: the trajectory then keeps how the agent's work grew,
    and the report shows the difference that each call made."""

    def work(self) -> Mapping[str, str]:
        """The texts that the agent has written so far, by a name for readers such as
        ``solution.py``. Cheap: asked for after every call."""


# -- agents and models ------------------------------------------------------------


class Agent(Protocol):
    """Solves an environment; a text it returns is its answer. May be ``async def``."""

    def solve(self, environment: Environment) -> str | Awaitable[str | None] | None: ...


@dataclass(frozen=True)
class Usage:
    """Tokens of one or more requests; ``cached`` is the part of ``prompt`` served from cache.
    ``known`` is False where the numbers are not all: a program did not say what it used."""

    prompt: int = 0
    completion: int = 0
    cached: int = 0
    known: bool = True

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt + other.prompt,
            self.completion + other.completion,
            self.cached + other.cached,
            self.known and other.known,
        )

    @property
    def total(self) -> int:
        return self.prompt + self.completion


@dataclass(frozen=True)
class Reply:
    """A model's answer. ``message`` is appended to the conversation as it is."""

    message: Message
    calls: tuple[ToolCall, ...] = ()
    usage: Usage = Usage()
    cost_usd: float | None = None
    finish_reason: str = ""

    @property
    def text(self) -> str:
        return str(self.message.get("content") or "")


class Model(Protocol):
    """A chat-completion client; ``name`` is the model's as the endpoint knows it.

    ``options`` are the protocol's own (``temperature=0``, ``tool_choice="required"``, ...) for
    this one request.
    Raises Unresolved for what is the agent's doing (context length, refusal), ModelError
    for what is the endpoint's, ModelMisconfigured for what no retry can mend.
    """

    @property
    def name(self) -> str: ...

    def complete(
        self, messages: Sequence[Message], tools: Sequence[Tool] = (), **options: object
    ) -> Reply: ...


# -- the sandbox ------------------------------------------------------------------


@dataclass(frozen=True)
class SandboxLimits:
    """Limits of one sandbox; ``memory`` is the sum over all its processes, ``disk`` that of
    all its files, ``output`` is kept of stdout and of stderr each, the rest is dropped.

    ``root`` is how far code may go: ``work`` is an ordinary user with a folder of its own in a
    read-only system; ``system`` is root in a whole system of its own, all of it writable, where
    users can be made and owners changed. Not every back has the latter: ``open`` says so."""

    memory: int = 4 << 30
    disk: int = 1 << 30
    file_size: int = 512 << 20
    output: int = 1 << 20
    processes: int = 256
    root: Literal["work", "system"] = "work"


@dataclass(frozen=True)
class SandboxSetup:
    """What all sandboxes of a run share: the grading interpreter, the modules that it holds
    preloaded, read-only paths of the host that it needs, and how many run at once."""

    python: str
    preload: tuple[str, ...] = ()
    readable: tuple[str, ...] = ()
    slots: int = 0  # 0: as many as there are cores
    image: str = ""
    python_path: tuple[str, ...] = ()


@dataclass(frozen=True)
class Completed:
    """A finished run. ``exit_code`` is negative for a signal; ``truncated``: output was
    dropped; ``killed`` names the limit that ended it ("wall time", "memory", "processes")
    or is empty;
    ``messages`` is what the program sent over its report channel, one a connection."""

    exit_code: int
    stdout: bytes
    stderr: bytes
    timed_out: bool = False
    truncated: bool = False
    wall_s: float = 0.0
    cpu_s: float = 0.0
    killed: str = ""
    messages: tuple[bytes, ...] = ()

    @property
    def text(self) -> str:
        """stdout as text; bytes that are not UTF-8 are replaced."""
        return self.stdout.decode("utf-8", "replace")


class Shell(Protocol):
    """One persistent shell: directory, variables and functions live from run to run."""

    def run(self, command: str, *, timeout: float) -> Completed: ...

    def close(self) -> None: ...


class Sandbox(Protocol):
    """An isolated container for untrusted code: no network but loopback, nothing of the host
    readable but the runtime, nothing of it writable, no secret, no other task in sight.

    Files live in the working folder ``/work`` (relative paths start there) and in ``/tmp``
    until the sandbox is closed; processes end with the run that started them.
    With a system root (SandboxLimits.root) files may be anywhere, relative paths start in
    ``/root``, shells are login shells, and there is no preloaded interpreter (``python``).
    Every method raises SandboxError when the sandbox itself fails.
    """

    @property
    def waited_s(self) -> float:
        """Seconds that its runs have waited for a slot so far, the present wait included."""

    def run(
        self,
        command: Sequence[str] | str,
        *,
        timeout: float,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        cwd: str | None = None,
    ) -> Completed:
        """Run an argv, or a string through ``/bin/sh -c``. A missing program is exit 127."""

    def python(
        self,
        source: str,
        *,
        timeout: float,
        payload: bytes = b"",
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        cwd: str | None = None,
    ) -> Completed:
        """Run ``source`` as ``__main__`` in a fork of the preloaded grading interpreter.

        Its globals hold ``__payload__`` (bytes) and ``__report__``, the path of a Unix stream
        socket: each connection's bytes until its end are one of ``Completed.messages``
        (at most 8 are kept, 4 MiB each).
        """

    def write(self, path: str, data: bytes | str) -> None: ...

    def read(self, path: str) -> bytes:
        """A file's bytes. Raises FileNotFoundError, IsADirectoryError or PermissionError."""

    def read_text(self, path: str) -> str: ...

    def shell(self, *, env: Mapping[str, str] | None = None, cwd: str | None = None) -> Shell: ...

    def snapshot(self) -> str:
        """Remember all files (not processes) and return an id for restore and fork."""

    def restore(self, snapshot: str) -> None: ...

    def fork(self, snapshot: str, *, sealed: bool = False) -> Sandbox:
        """A new sandbox that starts with the files of that snapshot.

        ``sealed``: its programs can be trusted, whatever was done there before. Those that
        were replaced or removed are as they came, additions to their libraries and start-up
        files are gone, and only folders of data (homes, /tmp, /var, /opt, /srv, /mnt) can be
        written. New commands, users, owners and modes are as they were left.
        """

    def close(self) -> None:
        """End every process and drop every file. Safe to call twice."""


class SandboxBack(Protocol):
    """One way to isolate code. Started once a run by the controller, used by every worker."""

    name: str

    def unavailable(self) -> str:
        """Why this back cannot work here and what to do instead; empty when it can."""

    def start(self, setup: SandboxSetup) -> str:
        """Start what all sandboxes share and return its address (a plain string that
        workers hand to ``open``). Raises SandboxUnavailable."""

    def open(self, address: str, limits: SandboxLimits) -> Sandbox: ...

    def stop(self) -> None:
        """End all that ``start`` began, and every sandbox with it. Safe to call twice."""


@runtime_checkable
class OnAnEngine(Protocol):
    """A back may also have these, where its sandboxes live on an engine that outlives a run.

    ``default_image`` is what a benchmark that brings no image of its own runs in."""

    default_image: str

    def found(self) -> str:
        """What the doctor says of the engine in use, in a few words."""

    def clean(self) -> Sequence[str]:
        """Remove what dead runs have left there; a line for each thing, and for what was left
        alone. Raises SandboxUnavailable."""


# -- a benchmark ------------------------------------------------------------------


@dataclass(frozen=True)
class TaskIndex:
    """The tasks that this run selected, and where their records lie. Workers get it whole.

    ``source`` and ``revision`` name the data set, ``selection`` says in words which part
    of it was taken; ``records`` is the file that the entries' offsets point into.
    ``runs_in`` names what its tasks run in, where that is none of the run's sandboxes.
    """

    source: str
    revision: str
    selection: str
    records: str
    entries: tuple[TaskEntry, ...]
    runs_in: str = ""

    @property
    def sandboxed(self) -> bool:
        """Whether any of the tasks needs sandboxes; where none does, none are started."""
        return any(entry.sandboxed for entry in self.entries)


@dataclass(frozen=True)
class Preparation:
    """What a benchmark got ready on the controller before the first task: the sandboxes'
    set-up, the fingerprint of the grading environment, and plain values of its own.

    ``skips`` says by task id why a task cannot be graded here; ``expected_s`` how long an
    attempt is expected to take."""

    setup: SandboxSetup
    fingerprint: str
    state: Mapping[str, str] = field(default_factory=dict)
    skips: Mapping[str, str] = field(default_factory=dict)
    expected_s: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Bench:
    """What a benchmark gets to build an environment from, on a worker. ``limits`` are those
    of the task at hand."""

    settings: Settings
    index: TaskIndex
    preparation: Preparation
    cache: Path
    limits: Limits
    open_sandbox: Callable[[SandboxLimits], Sandbox]


@dataclass(frozen=True)
class ReferenceCheck:
    """How a task's reference solution fared here: ``seconds`` is its slowest run.

    ``cause`` says in a few words, the same for many tasks, why it did not pass; ``detail``
    is one run's explanation. ``skips`` names the hidden tests that the reference skips."""

    outcome: Literal["pass", "fail", "flaky"]
    cause: str
    seconds: float
    runs: int
    detail: str = ""
    skips: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """A line of the doctor's: what was looked at, whether it is well, what mends it."""

    what: str
    well: bool
    found: str
    mend: str = ""


Say: TypeAlias = Callable[[str], None]
"""Shows the user a line about long work."""


class Benchmark(Protocol):
    """A named set of tasks with an environment and a grader.

    ``suite`` (``package.module:function``) is the test that every task runs; ``labels``
    rename the report's groupings (``{"category": "library domain"}``) and name the mean score
    of a group where tables should show it (``{"score": "reward"}``); ``own_settings`` are
    the keys of --smallbench-set that it understands. One that also has
    ``remarks(results) -> Sequence[str]`` adds these lines to the report's notes.
    ``grader_version`` changes whenever the same solution may get another verdict: reports
    of two versions are not compared.
    ``index`` and ``prepare`` run once, on the controller; the rest on the workers.
    """

    name: str
    title: str
    suite: str
    limits: Limits
    labels: Mapping[str, str]
    own_settings: Sequence[str]
    grader_version: str

    def index(self, settings: Settings, cache: Path, say: Say) -> TaskIndex:
        """The selected tasks, in their order. Raises UsageMistake; imports nothing heavy
        unless the data set must be fetched."""

    def prepare(self, settings: Settings, index: TaskIndex, cache: Path, say: Say) -> Preparation:
        """Build what grading needs. Raises UsageMistake or InfrastructureError."""

    def task(self, bench: Bench, entry: TaskEntry) -> Task: ...

    def environment(self, bench: Bench, entry: TaskEntry, task: Task) -> Environment: ...

    def check_reference(self, bench: Bench, entry: TaskEntry, times: int) -> ReferenceCheck: ...

    def remember(self, bench: Bench, checks: Mapping[str, ReferenceCheck], cache: Path) -> str:
        """Store reference checks by task id (controller); returns a line that says where."""

    def abilities(self, results: Sequence[Result]) -> Mapping[str, float | None]:
        """The benchmark's own summary figures, by name; readers are shown a float in 0..1 as
        a share, unless its name ends in ``_score``."""

    def doctor(self, settings: Settings, cache: Path) -> Sequence[Check]: ...


@runtime_checkable
class CollectedBenchmark(Benchmark, Protocol):
    """A benchmark whose tasks pytest collects from the user's files, by ``task_items.enlist``.

    It runs without --smallbench, as soon as collection has found one of its tasks: its
    ``suite`` is empty, and its ``index`` a UsageMistake that says how its tasks are run.
    """

    def collected(self, entries: Sequence[TaskEntry]) -> TaskIndex:
        """The tasks that were collected, as an index (controller)."""


# -- what comes out ---------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """One finished attempt, as it travels from a worker and stands in report.json
    (DESIGN §7). Plain values only: anything else would be lost on the way."""

    benchmark: str
    task_id: str
    nodeid: str
    outcome: Outcome
    reason: str = ""
    attempt: int = 1
    form: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    score: float | None = None
    agent_output: str = ""
    expected_output: str | None = None
    steps: int = 0
    tool_calls: int = 0
    invalid_tool_calls: int = 0
    usage: Usage = Usage()
    cost_usd: float | None = None
    duration_s: float = 0.0
    metrics: Mapping[str, float] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    trajectory: str = ""
    stop: str = ""  # set where the whole run must stop: why
