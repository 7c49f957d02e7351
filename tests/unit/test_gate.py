from __future__ import annotations

from typing import Any

import pytest

from pytest_smallbench.reports.gate import (
    INCONCLUSIVE,
    Evidence,
    GateSettings,
    Status,
    Verdict,
    exit_status,
    judge,
    worst,
)
from pytest_smallbench.reports.scoreboard import Counts


def counts(resolved: int, unresolved: int, **more: int) -> Counts:
    graded = resolved + unresolved
    return Counts(
        tasks=graded + sum(more.values()),
        graded=graded,
        resolved=resolved,
        unresolved=unresolved,
        **more,
    )


def judged(counted: Counts, settings: GateSettings, stopped: str = "") -> Verdict:
    return judge(Evidence(counted, stopped=stopped), settings)


def asked(min_rate: float | None = 0.5, **more: Any) -> GateSettings:
    return GateSettings(min_rate=min_rate, **more)


def test_without_a_gate_nothing_is_decided() -> None:
    assert judged(counts(0, 10), GateSettings()) == Verdict("none", None, "")


def test_a_rate_that_is_reached_exactly_is_met() -> None:
    for graded in range(1, 200):
        for resolved in range(graded + 1):
            verdict = judged(counts(resolved, graded - resolved), asked(resolved / graded))
            assert verdict == Verdict("met", 0)


def test_a_missed_rate_says_by_how_much() -> None:
    verdict = judged(counts(41, 54), asked(0.45))
    assert verdict == Verdict("missed", 1, "resolved 43.2%, asked for 45.0%: 2 more needed")


def test_a_narrow_miss_does_not_read_like_a_hit() -> None:
    verdict = judged(counts(4499, 5501), asked(0.45))
    assert verdict.reason == "resolved 45.0%, asked for 45.0%: 1 more needed"


@pytest.mark.parametrize(
    ("counted", "reason"),
    [
        (counts(0, 0, skipped=4), "nothing was graded"),
        (counts(0, 0), "nothing was graded"),
        (counts(9, 0, lost=1), "1 item lost"),
        (counts(9, 0, not_run=2), "2 tasks not run"),
        (counts(80, 14, errors=6), "6 errors in 100 attempts: 6.0%, allowed 5.0%"),
        (counts(0, 0, errors=3), "nothing was graded"),
    ],
)
@pytest.mark.parametrize("min_rate", [None, 0.1, 1.0])
def test_what_allows_no_judgement_is_inconclusive(
    counted: Counts, reason: str, min_rate: float | None
) -> None:
    assert judged(counted, asked(min_rate)) == Verdict("inconclusive", INCONCLUSIVE, reason)


def test_errors_up_to_their_share_are_allowed() -> None:
    assert judged(counts(80, 15, errors=5), asked()).status == "met"
    assert judged(counts(80, 15, errors=1), asked(max_errors=0.0)).status == "inconclusive"
    assert judged(counts(1, 0, errors=9), asked(max_errors=0.9)).status == "met"


def test_skipped_tasks_do_not_dilute_the_share_of_errors() -> None:
    assert judged(counts(8, 0, errors=2, skipped=90), asked()).status == "inconclusive"


def test_a_stopped_run_says_why() -> None:
    verdict = judged(counts(9, 0, not_run=2), asked(), stopped="interrupted")
    assert verdict.reason == "2 tasks not run: interrupted"


def test_a_run_stopped_after_its_last_task_is_judged() -> None:
    assert judged(counts(9, 0), asked(), stopped="interrupted").status == "met"


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (["met", "missed"], "missed"),
        (["missed", "inconclusive", "met"], "inconclusive"),
        (["none", "met"], "met"),
        ([], "none"),
    ],
)
def test_the_worst_of_several_benchmarks_wins(statuses: list[Status], expected: Status) -> None:
    assert worst(Verdict(status) for status in statuses).status == expected


@pytest.mark.parametrize("pytest_status", [2, 3, 4, 5])
def test_pytests_own_troubles_stand(pytest_status: int) -> None:
    assert exit_status(pytest_status, Verdict("met", 0), False) == pytest_status
    assert exit_status(pytest_status, Verdict("inconclusive", 7), True) == pytest_status


@pytest.mark.parametrize(
    ("pytest_status", "verdict", "others_failed", "expected"),
    [
        (1, Verdict("met", 0), False, 0),  # unresolved tasks alone do not fail a met gate
        (1, Verdict("met", 0), True, 1),
        (0, Verdict("missed", 1), False, 1),
        (0, Verdict("inconclusive", 7), False, 7),
        (1, Verdict("inconclusive", 7), True, 7),
        (0, Verdict("none"), False, 0),
        (1, Verdict("none"), False, 1),
    ],
)
def test_exit_status(
    pytest_status: int, verdict: Verdict, others_failed: bool, expected: int
) -> None:
    assert exit_status(pytest_status, verdict, others_failed) == expected
