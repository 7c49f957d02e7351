"""Grades solutions in fresh sandboxes, and checks what the reference solutions do here."""

from __future__ import annotations

import re
import time
from collections.abc import Collection
from dataclasses import replace

from pytest_smallbench.contracts import Bench, Grade, ReferenceCheck, SandboxLimits

from .assembly import read_suite
from .grader import grade
from .records import Record
from .reference_causes import SKIPPED, cause_of
from .validation import ReferenceChecks

UNVALIDATED = "unvalidated"  # the flag of a result whose reference was never checked here


class Grading:
    """Grades for one bench; each grade has a sandbox of its own that no agent ever touched."""

    def __init__(self, bench: Bench) -> None:
        self._open = bench.open_sandbox
        self._checks = ReferenceChecks(
            bench.cache, bench.preparation.fingerprint, bench.index.revision
        )
        # The bundled tasks are tested with their environment before each release.
        self._vouched_for = bench.index.source == "mini"

    def grade(self, record: Record, solution: str) -> Grade:
        """The verdict on a solution. Raises InfrastructureError where none is possible."""
        verdict, _ = self._run(record, solution, self._checks.may_skip(record))
        if self._vouched_for or self._checks.get(record) is not None:
            return verdict
        return replace(verdict, flags=(*verdict.flags, UNVALIDATED))

    def check_reference(self, record: Record, times: int) -> ReferenceCheck:
        """Grade the reference solution ``times`` times."""
        skips = self._reference_skips(record)
        runs = [self._run(record, record.reference_solution, skips) for _ in range(times)]
        slowest = max(seconds for _, seconds in runs)
        failed = [verdict.explanation for verdict, _ in runs if not verdict.resolved]
        if skips and set(skips) == set(read_suite(record.test).names):
            return ReferenceCheck("fail", SKIPPED, slowest, times)
        if not failed:
            return ReferenceCheck("pass", "", slowest, times, skips=skips)
        outcome = "fail" if len(failed) == times else "flaky"
        return ReferenceCheck(outcome, cause_of(record, failed[0]), slowest, times, failed[0])

    def _reference_skips(self, record: Record) -> tuple[str, ...]:
        """The tests that the reference skips: a verdict names eight at most, so ask again
        until it names no more. Only tests that speak of skipping are asked at all."""
        found: set[str] = set()
        while "skip" in record.test.lower():
            verdict, _ = self._run(record, record.reference_solution, found)
            named = set(re.findall(r"(\w+) \(skipped\)", verdict.explanation))
            if named <= found:
                break
            found |= named
        return tuple(sorted(found))

    def _run(self, record: Record, solution: str, skips: Collection[str]) -> tuple[Grade, float]:
        """The verdict, and the seconds that it took, without the wait for a slot."""
        sandbox = self._open(SandboxLimits())
        began = time.monotonic()
        try:
            wall_s = self._checks.wall_limit(record)
            verdict = grade(vars(record), solution, sandbox, wall_s=wall_s, reference_skips=skips)
            return verdict, time.monotonic() - began - sandbox.waited_s
        finally:
            sandbox.close()
