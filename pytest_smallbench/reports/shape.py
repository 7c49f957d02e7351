"""The finished report, key by key: what ``report.json`` holds (``smallbench-report/1``).

Keys may be added, never changed or taken away. Rates and shares are 0..1, times are
seconds, moments are ISO 8601 in UTC, memory is bytes, costs are US dollars.
"""

from __future__ import annotations

from typing import TypedDict

SCHEMA = "smallbench-report/1"


class Tokens(TypedDict):
    """``cached`` is the part of ``prompt`` that was served from the provider's cache. All are
    null where an agent's own program did not say what it used."""

    prompt: int | None
    completion: int | None
    cached: int | None


class Host(TypedDict):
    cpus: int
    memory: int | None


class Git(TypedDict):
    """The rootdir's repository; ``dirty``: tracked files differ from the commit."""

    commit: str
    branch: str | None
    dirty: bool


class Resumed(TypedDict):
    """A run in several parts: ``carried`` attempts had a verdict before the last part began;
    ``cut_short`` ones were under way when a part ended, and ran again: what they used is not
    in the summaries."""

    parts: int
    carried: int
    cut_short: int
    tokens: Tokens
    cost_usd: float | None


class Run(TypedDict):
    """``stopped`` says why the run ended before its time, or is empty; ``resumed`` is null
    for a run in one part."""

    id: str
    started: str
    finished: str
    command: str
    seed: int
    versions: dict[str, str]
    git: Git | None
    host: Host
    workers: int
    stopped: str
    resumed: Resumed | None


class Summary(TypedDict):
    """``tasks`` counts items (attempts, where a task has several), and is the sum of
    ``graded`` (resolved + unresolved), ``errors``, ``skipped``, ``not_run`` and ``lost``.
    Rate, interval and mean score are null where nothing was graded, ``cost_usd`` where a
    price is unknown. ``repeats`` are results that a better one stands in for: their tokens
    and cost are in the sums. ``skip_reasons`` counts why tasks were skipped. With several
    ``attempts`` a task, the rate is the mean of the tasks' own rates and its interval is
    bootstrapped over tasks; ``pass_at`` and ``pass_hat``
    are pass@k and pass^k by k. ``abilities`` are the benchmark's own figures, null where
    there was nothing to measure; ``metrics`` are the means of the attempts' metrics over
    the graded results.
    """

    tasks: int
    graded: int
    resolved: int
    unresolved: int
    errors: int
    skipped: int
    skip_reasons: dict[str, int]
    not_run: int
    lost: int
    resolved_rate: float | None
    ci95: list[float] | None
    mean_score: float | None
    tokens: Tokens
    cost_usd: float | None
    cost_per_resolved_usd: float | None
    duration_s: float
    attempts: int
    repeats: int
    pass_at: dict[str, float]
    pass_hat: dict[str, float]
    abilities: dict[str, float | None]
    metrics: dict[str, float | None]


class Group(TypedDict):
    """``mean_score`` and ``metrics`` are means over the graded results; a metric's over
    those that have it."""

    resolved: int
    graded: int
    rate: float | None
    ci95: list[float] | None
    errors: int
    mean_score: float | None
    metrics: dict[str, float | None]


class Paired(TypedDict):
    """Tasks graded in two prompt forms. ``only`` names those that one form alone resolved;
    ``difference`` is the first form's rate less the second's, over these pairs."""

    forms: list[str]
    pairs: int
    both: int
    neither: int
    only: dict[str, list[str]]
    difference: float


class Groups(TypedDict):
    category: dict[str, Group]
    tag: dict[str, Group]
    form: dict[str, Group]
    paired: Paired | None


class Dataset(TypedDict):
    source: str
    revision: str
    selection: str


class GradingEnvironment(TypedDict):
    sandbox: str
    fingerprint: str


class Gate(TypedDict):
    """``status`` is met, missed, inconclusive or none; ``exit_code`` null leaves pytest's."""

    status: str
    reason: str
    exit_code: int | None
    min_rate: float | None
    max_errors: float
    no_regression: bool


class BaselineRun(TypedDict):
    path: str
    run: str
    finished: str


class Change(TypedDict):
    """Something in which this run was meant to differ from its baseline, as in ``model``."""

    what: str
    before: str
    now: str


class Flip(TypedDict):
    """A task whose attempts fared otherwise: the shares of them that resolved it."""

    task: str
    before: float
    now: float


class Comparison(TypedDict):
    """This run against a baseline, over the ``pairs`` that both graded; ``only_before`` and
    ``only_now`` count tasks of one run alone. ``difference`` is new less old; ``p_value`` is
    one-sided, for a regression; ``detectable`` is the smallest drop of the rate that the
    test finds with a chance of 80%, null where there is none."""

    baseline: BaselineRun
    changes: list[Change]
    pairs: int
    only_before: int
    only_now: int
    rate_before: float | None
    rate_now: float | None
    difference: float | None
    ci95: list[float] | None
    test: str
    p_value: float | None
    alpha: float
    detectable: float | None
    regressed: list[Flip]
    improved: list[Flip]


class Flaky(TypedDict):
    """A task that ``resolved`` of its ``graded`` attempts resolved: some, and not all."""

    task: str
    resolved: int
    graded: int


class AgentPrompt(TypedDict):
    """The template of --smallbench-agent-prompt: its file's name and its content's hash."""

    file: str
    sha256: str


class BenchmarkReport(TypedDict):
    """``labels`` names the groupings for readers, as in {"category": "library domain"};
    ``missing`` lists expected items that sent no result (not run, or lost); ``notes`` are
    lines that a reader should see."""

    summary: Summary
    groups: Groups
    labels: dict[str, str]
    agent: str
    model: str | None
    agent_prompt: AgentPrompt | None
    mcp_servers: str
    dataset: Dataset
    grader_version: str
    environment: GradingEnvironment
    gate: Gate
    comparison: Comparison | None
    flaky: list[Flaky]
    missing: list[str]
    notes: list[str]


class ResultRecord(TypedDict):
    """One attempt. ``task_id`` is the data set's own id; ``trajectory`` a path relative to
    the report, or empty; ``agent_output`` its first 500 characters."""

    benchmark: str
    task_id: str
    nodeid: str
    attempt: int
    form: str
    outcome: str
    reason: str
    score: float | None
    category: str
    tags: list[str]
    agent_output: str
    expected_output: str | None
    steps: int
    tool_calls: int
    invalid_tool_calls: int
    tokens: Tokens
    cost_usd: float | None
    duration_s: float
    metrics: dict[str, float | None]
    flags: list[str]
    trajectory: str


class Report(TypedDict):
    schema: str
    run: Run
    benchmarks: dict[str, BenchmarkReport]
    results: list[ResultRecord]
