"""A benchmark's part of a run as an inspect log, format version 2, in JSON.

The log is given in pieces, a sample each: a data set's trajectories need not be in memory at
once. Its reader wants the keys in this order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pytest_smallbench.exports.attempt import read_attempt
from pytest_smallbench.exports.inspect_events import NO_MODEL, error_of, usage
from pytest_smallbench.exports.inspect_sample import RESOLVED, SCORE, sample, sample_ids
from pytest_smallbench.exports.plain import dumped, filled
from pytest_smallbench.reports.events import number
from pytest_smallbench.reports.formatting import plural
from pytest_smallbench.reports.plain import usage_of
from pytest_smallbench.reports.shape import BenchmarkReport, Report, ResultRecord, Run, Summary
from pytest_smallbench.trajectory import read_events, trajectory_path

VERSION = 2
INTERRUPTED = "interrupted"
Fields = dict[str, Any]


def log_name(report: Report, name: str) -> str:
    """``2026-01-31T12-00-00+00-00_bcb-agent_ab12.json``: by such names inspect knows a log."""
    run = report["run"]
    began = re.sub(r"[^0-9T+-]", "-", run["started"].replace("Z", "+00-00"))
    parts = (began, *(re.sub(r"[^A-Za-z0-9.-]", "-", each)[:60] for each in (name, run["id"])))
    return "_".join(parts) + ".json"


def inspect_log(report: Report, name: str, folder: Path) -> Iterator[str]:
    """The log's text in pieces; ``folder`` holds the run's ``trajectories/``."""
    results = [each for each in report["results"] if each["benchmark"] == name]
    log = _Log(report, name, results, sample_ids(results))
    head = dumped(log.head(_limits(results, folder)))
    yield head[:-1] + ', "samples": [\n'
    divider = ""
    for result in results:
        attempt = read_attempt(report, result, folder)
        if attempt is not None:
            yield divider + dumped(sample(attempt, log.ids[result["nodeid"]]))
            divider = ",\n"
    yield '\n], "reductions": ' + dumped(log.reductions()) + "}\n"


def _limits(results: Iterable[ResultRecord], folder: Path) -> Fields:
    """The limits that all attempts had."""
    found: list[Mapping[str, Any]] = []
    for result in results:
        path = trajectory_path(folder, result["trajectory"]) if result["trajectory"] else None
        found += [_limits_in(path)] if path is not None else []
    names = {"turn_limit": "max_steps", "time_limit": "timeout_s", "token_limit": "max_tokens"}
    shared = {there: {number(each.get(ours)) for each in found} for there, ours in names.items()}
    return {there: round(max(each)) or None for there, each in shared.items() if len(each) == 1}


def _limits_in(path: Path) -> Mapping[str, Any]:
    try:
        start = next(read_events(path), None)
        limits = start["data"]["limits"] if start else {}
    except (OSError, ValueError, RecursionError, LookupError, TypeError):
        return {}
    return limits if isinstance(limits, Mapping) else {}


class _Log:
    def __init__(
        self, report: Report, name: str, results: Sequence[ResultRecord], ids: Mapping[str, str]
    ) -> None:
        self.ids = ids
        self._name = name
        self._run: Run = report["run"]
        self._benchmark: BenchmarkReport = report["benchmarks"][name]
        self._summary: Summary = self._benchmark["summary"]
        self._results = results
        self._several = self._summary["attempts"] > 1

    def head(self, limits: Fields) -> Fields:
        problem = self._problem()
        stopped = "cancelled" if self._run["stopped"] == INTERRUPTED else "error"
        return {
            "version": VERSION,
            "status": stopped if problem else "success",
            "eval": self._eval(limits),
            "plan": {"name": "plan", "steps": [{"solver": self._benchmark["agent"]}]},
            "results": self._scored(),
            "stats": {
                "started_at": self._run["started"],
                "completed_at": self._run["finished"],
                "model_usage": self._usage(),
            },
            **filled(error=error_of(problem) if problem else None),
        }

    def _problem(self) -> str:
        """Why the run is not whole, or empty."""
        summary, stopped = self._summary, self._run["stopped"]
        left = summary["not_run"] + summary["lost"]
        why = next((e["reason"] for e in self._results if e["outcome"] == "not_run"), "")
        told = f"{plural(left, 'attempt')} without a result" if left else ""
        return ": ".join(part for part in (told, stopped or why) if part)

    def _eval(self, limits: Fields) -> Fields:
        run, benchmark = self._run, self._benchmark
        tasks = list(dict.fromkeys(self.ids.values()))
        source = benchmark["dataset"]["source"]
        git = run["git"]
        return {
            "eval_id": f"{run['id']}-{self._name}",
            "run_id": run["id"],
            "created": run["started"],
            "task": self._name,
            "task_id": f"{run['id']}-{self._name}",
            "task_version": benchmark["grader_version"] or 0,
            "solver": benchmark["agent"],
            "dataset": {
                "name": source, "location": source, "samples": len(tasks), "sample_ids": tasks,
            },
            "sandbox": {"type": benchmark["environment"]["sandbox"]},
            "model": benchmark["model"] or NO_MODEL,
            "config": self._config(limits),
            "packages": {name: of for name, of in run["versions"].items() if name != "python"},
            "metadata": self._metadata(),
            "scorers": [{"name": RESOLVED}, {"name": SCORE}],
            **filled(
                revision={"type": "git", "origin": "", "commit": git["commit"],
                          "dirty": git["dirty"]} if git else None,
            ),
        }  # fmt: skip

    def _config(self, limits: Fields) -> Fields:
        reducers = ["mean"] if self._several else None
        return filled(epochs=self._summary["attempts"], epochs_reducer=reducers, **limits)

    def _metadata(self) -> Fields:
        """What the format has no place for."""
        run, benchmark = self._run, self._benchmark
        told = ("gate", "labels", "notes", "missing", "flaky", "agent_prompt")
        facts = {name: value for name, value in benchmark.items() if name in told}
        kept = ("command", "seed", "host", "workers", "stopped", "resumed")
        return {
            **facts,
            "run": {name: value for name, value in run.items() if name in kept},
            "python": run["versions"].get("python", ""),
            "branch": run["git"]["branch"] if run["git"] else None,
            "revision": benchmark["dataset"]["revision"],
            "selection": benchmark["dataset"]["selection"],
            "fingerprint": benchmark["environment"]["fingerprint"],
        }

    def _usage(self) -> Fields:
        used, model = usage_of(self._summary["tokens"]), self._benchmark["model"]
        return {model: usage(used, self._summary["cost_usd"])} if model else {}

    # -- results -------------------------------------------------------------------

    def _scored(self) -> Fields:
        summary = self._summary
        return {
            "total_samples": summary["tasks"],
            "completed_samples": summary["graded"],
            "scores": [*self._verdicts(), *self._chances(), *self._scores()],
            "headline": {"scorer": RESOLVED, "score": RESOLVED, "metric": "accuracy"},
            "metadata": {"summary": summary, "without_record": self._without_record()},
        }

    def _without_record(self) -> list[Fields]:
        """Attempts that never began, such as skipped ones: there is no sample of them."""
        return [
            {"id": self.ids[each["nodeid"]], "epoch": each["attempt"], "outcome": each["outcome"],
             "reason": each["reason"]}
            for each in self._results
            if not each["trajectory"]
        ]  # fmt: skip

    def _verdicts(self) -> list[Fields]:
        rate, bounds = self._summary["resolved_rate"], self._summary["ci95"]
        if rate is None:
            return []
        metrics = {"accuracy": rate}
        metrics |= dict(zip(("ci95_lower", "ci95_upper"), bounds or (), strict=False))
        return [self._score(RESOLVED, metrics, "mean" if self._several else None)]

    def _chances(self) -> list[Fields]:
        """pass@k and pass^k, which are reducers there."""
        if not self._several:
            return []
        summary = self._summary
        both = (("pass_at", summary["pass_at"]), ("pass_k", summary["pass_hat"]))
        return [
            self._score(RESOLVED, {"accuracy": value}, f"{reducer}_{k}")
            for reducer, values in both
            for k, value in values.items()
        ]

    def _scores(self) -> list[Fields]:
        mean = self._summary["mean_score"]
        reducer = "mean" if self._several else None
        return [] if mean is None else [self._score(SCORE, {"mean": mean}, reducer)]

    def _score(self, name: str, metrics: Mapping[str, float], reducer: str | None) -> Fields:
        graded = self._summary["graded"]
        return {
            "name": name,
            "scorer": name,
            **filled(reducer=reducer),
            "scored_samples": graded,
            "unscored_samples": self._summary["tasks"] - graded,
            "metrics": {key: {"name": key, "value": value} for key, value in metrics.items()},
        }

    def reductions(self) -> list[Fields] | None:
        """Each task's own rate over its attempts, where it has several."""
        if not self._several:
            return None
        won: dict[str, list[bool]] = {}
        for each in self._results:
            if each["outcome"] in ("resolved", "unresolved"):
                won.setdefault(self.ids[each["nodeid"]], []).append(each["outcome"] == "resolved")
        rates = [{"sample_id": id, "value": sum(w) / len(w)} for id, w in won.items()]
        return [{"scorer": RESOLVED, "reducer": "mean", "samples": rates}]
