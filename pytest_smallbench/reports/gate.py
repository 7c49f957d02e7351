"""The gate: what a run's counts mean for its exit status.

Without a gate pytest's own status stands; with one, 0 means met and 1 missed. Gate or
not, a run that allows no judgement is inconclusive: 7, a status that pytest does not use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from pytest_smallbench.reports.formatting import percent, plural
from pytest_smallbench.reports.scoreboard import Counts
from pytest_smallbench.reports.shape import Comparison
from pytest_smallbench.reports.statistics import rate

INCONCLUSIVE = 7
FEWEST_PAIRS = 10
Status: TypeAlias = Literal["met", "missed", "inconclusive", "none"]
_WORST_FIRST: tuple[Status, ...] = ("inconclusive", "missed", "met", "none")


@dataclass(frozen=True)
class GateSettings:
    """``min_rate`` None and ``no_regression`` False: no gate asked for. ``max_errors`` is a
    share of attempts made."""

    min_rate: float | None = None
    max_errors: float = 0.05
    no_regression: bool = False


@dataclass(frozen=True)
class Verdict:
    """``exit_code`` None leaves pytest's own; ``reason`` is one line, empty where all is
    said by the status."""

    status: Status
    exit_code: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class Evidence:
    """What a gate judges by. ``resolved_rate`` is over tasks, which ``counts``, of attempts,
    do not tell where a task has several; None takes it from the counts."""

    counts: Counts
    resolved_rate: float | None = None
    comparison: Comparison | None = None
    stopped: str = ""


def judge(evidence: Evidence, settings: GateSettings) -> Verdict:
    """The verdict on one benchmark.

    Whether a judgement is possible at all comes first: a rate over half of the tasks, or
    with a third of them lost to errors, neither meets a gate nor misses it. Of several gates
    the worst verdict stands.
    """
    for cannot_tell in _DOUBTS:
        doubt = cannot_tell(evidence, settings)
        if doubt:
            return Verdict("inconclusive", INCONCLUSIVE, doubt)
    verdicts = [verdict for rule in _RULES if (verdict := rule(evidence, settings)) is not None]
    standing = worst(verdicts)
    alike = [each.reason for each in verdicts if each.status == standing.status and each.reason]
    return replace(standing, reason="; ".join(alike))


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Of several benchmarks: inconclusive before missed before met before none."""
    ranked = sorted(verdicts, key=lambda verdict: _WORST_FIRST.index(verdict.status))
    return ranked[0] if ranked else Verdict("none")


def exit_status(pytest_status: int, verdict: Verdict, others_failed: bool) -> int:
    """The status that the run ends with.

    ``others_failed``: an item that is no task failed. Statuses 2 to 5 (interrupted,
    internal error, usage error, nothing collected) say more than any verdict, and stay.
    """
    if pytest_status not in (0, 1) or verdict.exit_code is None:
        return pytest_status
    if verdict.exit_code == 0 and others_failed:
        return 1
    return verdict.exit_code


# -- is a judgement possible? each says why not, or nothing ------------------------


def _items_lost(evidence: Evidence, settings: GateSettings) -> str:
    lost = evidence.counts.lost
    return f"{plural(lost, 'item')} lost" if lost else ""


def _not_all_run(evidence: Evidence, settings: GateSettings) -> str:
    not_run = evidence.counts.not_run
    why = f": {evidence.stopped}" if evidence.stopped else ""
    return f"{plural(not_run, 'task')} not run{why}" if not_run else ""


def _nothing_graded(evidence: Evidence, settings: GateSettings) -> str:
    return "" if evidence.counts.graded else "nothing was graded"


def _too_many_errors(evidence: Evidence, settings: GateSettings) -> str:
    counts = evidence.counts
    attempted = counts.graded + counts.errors
    share = rate(counts.errors, attempted)
    if share is None or share <= settings.max_errors:
        return ""
    return (
        f"{plural(counts.errors, 'error')} in {plural(attempted, 'attempt')}: "
        f"{percent(share)}, allowed {percent(settings.max_errors)}"
    )


# -- the gates, each with its verdict, or None where it was not asked for ---------------


def _min_rate(evidence: Evidence, settings: GateSettings) -> Verdict | None:
    if settings.min_rate is None:
        return None
    counts = evidence.counts
    if evidence.resolved_rate is not None:
        reached, more = evidence.resolved_rate, ""
    else:
        reached = rate(counts.resolved, counts.graded) or 0.0
        more = _more_needed(counts, settings.min_rate)
    if reached >= settings.min_rate:
        return Verdict("met", 0)
    asked = percent(settings.min_rate)
    return Verdict("missed", 1, f"resolved {percent(reached)}, asked for {asked}{more}")


def _more_needed(counts: Counts, min_rate: float) -> str:
    """Percentages are rounded, and could read the same on both sides: so say how many."""
    more = 1
    while counts.graded and (counts.resolved + more) / counts.graded < min_rate:
        more += 1
    return f": {more:,} more needed"


def _no_regression(evidence: Evidence, settings: GateSettings) -> Verdict | None:
    found = evidence.comparison
    if not settings.no_regression or found is None:
        return None
    pairs, p_value = found["pairs"], found["p_value"]
    if pairs < FEWEST_PAIRS or p_value is None:
        told = f"{plural(pairs, 'task')} in common with the baseline, {FEWEST_PAIRS} needed"
        return Verdict("inconclusive", INCONCLUSIVE, told)
    if p_value >= found["alpha"]:
        return Verdict("met", 0)
    lost, won = len(found["regressed"]), len(found["improved"])
    return Verdict(
        "missed",
        1,
        f"regressed: {plural(lost, 'task')} worse and {won:,} better than the baseline, "
        f"p {p_value:.2g} below {found['alpha']:g}",
    )


_DOUBTS: tuple[Callable[[Evidence, GateSettings], str], ...] = (
    _items_lost,
    _not_all_run,
    _nothing_graded,
    _too_many_errors,
)
_RULES: tuple[Callable[[Evidence, GateSettings], Verdict | None], ...] = (
    _min_rate,
    _no_regression,
)
