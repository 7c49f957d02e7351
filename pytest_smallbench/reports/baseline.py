"""A report of an earlier run, read as what this run is compared with.

The file comes from elsewhere (an artefact, a branch, a colleague): nothing in it is taken
on trust, and what is wrong with it is said in one line that names the file and the field.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from pytest_smallbench.contracts import Outcome
from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.reports.rates import TaskKey
from pytest_smallbench.reports.shape import SCHEMA
from pytest_smallbench.reports.untrusted import one_line

OPTION = "--smallbench-baseline"
TEXT_LENGTH = 200  # characters of a text of the baseline's that is shown


@dataclass(frozen=True)
class Terms:
    """What two runs must have in common to be compared at all."""

    source: str
    revision: str
    grader_version: str
    fingerprint: str
    attempts: int = 1


@dataclass(frozen=True)
class BaselineBenchmark:
    """One benchmark's share. ``verdicts`` are those of the graded attempts, by task and in
    their order; ``variants`` what may well differ, by name: agent, model, ..."""

    terms: Terms
    variants: Mapping[str, str]
    verdicts: Mapping[TaskKey, list[bool]]


@dataclass(frozen=True)
class Baseline:
    path: str
    run_id: str = ""
    finished: str = ""
    benchmarks: Mapping[str, BaselineBenchmark] = field(default_factory=dict)


def read_baseline(path: Path) -> Baseline:
    """Raises UsageMistake where the file is no report, or one that cannot be trusted."""
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageMistake(f"{OPTION}: cannot read {path}: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise UsageMistake(
            f"{OPTION}: {path} is not JSON; name the report.json of an earlier run"
        ) from None
    return _Reader(path).baseline(report)


def refuse_other(baseline: Baseline, name: str, terms: Terms) -> None:
    """Raises UsageMistake that names the first of the terms in which the two runs differ.

    A fingerprint that is not known yet (empty) is not held against the baseline's.
    """
    if name not in baseline.benchmarks:
        there = ", ".join(one_line(each) for each in baseline.benchmarks)[:TEXT_LENGTH] or "none"
        raise UsageMistake(
            f"{OPTION}: {baseline.path} has no results of {name}, only of: {there}; run it for a "
            "baseline first"
        )
    before = baseline.benchmarks[name].terms
    for what, then, now, advice in _terms(before, terms):
        if then != now:
            raise UsageMistake(
                f"{OPTION}: {baseline.path} has {what} {_shown(then)} for {name}, this run has "
                f"{_shown(now)}; {advice}"
            )


def _terms(before: Terms, now: Terms) -> list[tuple[str, str, str, str]]:
    """(name, the baseline's, this run's, what to do)"""
    anew = "run the baseline anew"
    rows = [
        ("data set revision", before.revision, now.revision, f"use that one, or {anew}"),
        ("grader version", before.grader_version, now.grader_version, anew),
        ("attempts", str(before.attempts), str(now.attempts), "give --smallbench-attempts="
         f"{before.attempts}, or {anew}"),
    ]  # fmt: skip
    # A content's hash names it wherever the file lies; any other revision is the source's own.
    if not now.revision.startswith("sha256:"):
        rows.insert(0, ("data set", before.source, now.source, f"use that one, or {anew}"))
    if now.fingerprint:
        fingerprint = ("grading environment", before.fingerprint, now.fingerprint, anew)
        rows.append(fingerprint)
    return rows


def _shown(value: str) -> str:
    return repr(one_line(value)[:TEXT_LENGTH]) if value else "none"


class _Reader:
    """Takes values out of a report, and says in which field one is not as it must be."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def baseline(self, report: Any) -> Baseline:
        if not isinstance(report, dict) or report.get("schema") != SCHEMA:
            found = report.get("schema") if isinstance(report, dict) else None
            raise UsageMistake(
                f"{OPTION}: {self._path} has schema {_shown(str(found or ''))}, not {SCHEMA!r}; "
                "name the report.json of an earlier run"
            )
        run = self._object(report.get("run"), "run")
        benchmarks = self._object(report.get("benchmarks"), "benchmarks")
        verdicts = self._verdicts(report.get("results"))
        return Baseline(
            path=str(self._path),
            run_id=self._text(run.get("id", ""), "run.id"),
            finished=self._text(run.get("finished", ""), "run.finished"),
            benchmarks={
                name: self._benchmark(name, values, run, verdicts.get(name, {}))
                for name, values in benchmarks.items()
            },
        )

    def _benchmark(
        self, name: str, values: Any, run: dict[str, Any], verdicts: dict[TaskKey, list[bool]]
    ) -> BaselineBenchmark:
        at = f"benchmarks.{one_line(name)[:40]}"
        values = self._object(values, at)
        dataset = self._object(values.get("dataset"), f"{at}.dataset")
        environment = self._object(values.get("environment"), f"{at}.environment")
        summary = self._object(values.get("summary"), f"{at}.summary")
        terms = Terms(
            source=self._text(dataset.get("source"), f"{at}.dataset.source"),
            revision=self._text(dataset.get("revision"), f"{at}.dataset.revision"),
            grader_version=self._text(values.get("grader_version", ""), f"{at}.grader_version"),
            fingerprint=self._text(environment.get("fingerprint"), f"{at}.environment.fingerprint"),
            attempts=self._count(summary.get("attempts"), f"{at}.summary.attempts"),
        )
        prompt = self._object(values.get("agent_prompt") or {}, f"{at}.agent_prompt")
        git = self._object(run.get("git") or {}, "run.git")
        variants = {
            "agent": self._text(values.get("agent", ""), f"{at}.agent"),
            "model": self._text(values.get("model") or "", f"{at}.model"),
            "agent prompt": self._text(prompt.get("sha256", ""), f"{at}.agent_prompt.sha256"),
            "MCP servers": self._text(values.get("mcp_servers", ""), f"{at}.mcp_servers"),
            "commit": self._text(git.get("commit", ""), "run.git.commit"),
        }
        return BaselineBenchmark(terms, variants, verdicts)

    def _verdicts(self, results: Any) -> dict[str, dict[TaskKey, list[bool]]]:
        if not isinstance(results, list):
            raise self._mistake("results", "a list")
        attempts: dict[str, dict[TaskKey, dict[int, bool]]] = {}
        for number, values in enumerate(results):
            at = f"results[{number}]"
            benchmark, key, attempt, outcome = self._result(self._object(values, at), at)
            if outcome not in ("resolved", "unresolved"):
                continue
            seen = attempts.setdefault(benchmark, {}).setdefault(key, {})
            if attempt in seen:
                raise self._mistake(f"{at}.task_id", "a task and attempt that occur once")
            seen[attempt] = outcome == "resolved"
        return {
            name: {key: [seen[n] for n in sorted(seen)] for key, seen in tasks.items()}
            for name, tasks in attempts.items()
        }

    def _result(self, values: dict[str, Any], at: str) -> tuple[str, TaskKey, int, str]:
        outcome = values.get("outcome")
        if not isinstance(outcome, str) or outcome not in get_args(Outcome):
            raise self._mistake(f"{at}.outcome", "one of " + ", ".join(get_args(Outcome)))
        form = self._text(values.get("form", ""), f"{at}.form")
        return (
            self._text(values.get("benchmark"), f"{at}.benchmark"),
            (self._text(values.get("task_id"), f"{at}.task_id"), form),
            self._count(values.get("attempt"), f"{at}.attempt"),
            outcome,
        )

    def _object(self, value: Any, at: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self._mistake(at, "an object")
        return value

    def _text(self, value: Any, at: str) -> str:
        if not isinstance(value, str):
            raise self._mistake(at, "a text")
        return value

    def _count(self, value: Any, at: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self._mistake(at, "a whole number above 0")
        return value

    def _mistake(self, at: str, wanted: str) -> UsageMistake:
        return UsageMistake(
            f"{OPTION}: {self._path}: {at} is not {wanted}; the file is no report of this plugin's"
        )
