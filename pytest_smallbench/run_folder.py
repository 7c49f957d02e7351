"""The output folder of a run: ``run.json`` says what the run is, the journal how far it got.

Both are written before the first task starts, so that a run that is killed can be resumed.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pytest_smallbench.configuration import differences
from pytest_smallbench.contracts import Result, Usage
from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.exports import FORMATS
from pytest_smallbench.journal import Journal, read_journal
from pytest_smallbench.reports.files import write_atomically
from pytest_smallbench.results import unpack
from pytest_smallbench.trajectory import masked, read_events, spent

SCHEMA = "smallbench-run/1"
NAME = "run.json"
OF_ATTEMPTS = ("trajectories", *FORMATS)  # folders with a file an attempt, or a run
VERDICTS = ("resolved", "unresolved")
OPTION = "--smallbench-resume"


@dataclass(frozen=True)
class Earlier:
    """What earlier parts of a run left. ``entries`` are results as a worker packed them, of
    attempts with a verdict and of errors; ``cut`` what attempts cut short used, each with its
    cost; ``wall_s`` how long the parts took."""

    run_id: str
    started: float
    parts: int
    entries: Sequence[dict[str, Any]] = ()
    cut: Sequence[tuple[Usage, float | None]] = ()
    wall_s: float = 0.0
    done: frozenset[str] = field(default_factory=frozenset)

    def cut_cost(self) -> float | None:
        costs = [cost for _, cost in self.cut]
        return None if None in costs else math.fsum(cost for cost in costs if cost is not None)


class RunFolder:
    """Written by the controller alone."""

    def __init__(self, folder: Path, secrets: Sequence[str] = ()) -> None:
        self.folder = folder
        self._secrets = secrets
        self.journal = Journal(folder, secrets)

    def begin(self) -> None:
        """A run of its own. What another run left of its attempts in the same folder is put
        aside."""
        self.journal.open(anew=True)
        self._put_aside()

    def describe(self, run_id: str, started: float, configuration: Mapping[str, str]) -> None:
        """Write down what this run is."""
        values = {
            "schema": SCHEMA,
            "id": run_id,
            "started": started,
            "configuration": dict(configuration),
        }
        text = masked(json.dumps(values, indent=1), self._secrets)
        write_atomically(self.folder / NAME, text + "\n")

    def go_on(self) -> None:
        """Another part of the run: notes which attempts were under way when the last ended."""
        self.journal.open(anew=False)
        for nodeid, usage, cost in self._cut_short():
            self.journal.add("cut", nodeid=nodeid, usage=vars(usage), cost_usd=cost)

    def check(self, configuration: Mapping[str, str]) -> None:
        """Raises UsageMistake that names what differs from the run that began here."""
        before = self._run_file()["configuration"]
        now = json.loads(masked(json.dumps(dict(configuration)), self._secrets))
        differing = differences(before, now)
        if differing:
            raise UsageMistake(
                f"{OPTION}={self.folder}: not the same run: {'; '.join(differing)}; give it the "
                "same options, or start a new run"
            )

    def earlier(self) -> Earlier:
        """Raises UsageMistake where there is no run to resume, or it cannot be read."""
        values = self._run_file()
        lines = list(read_journal(self.journal.path)) if self.journal.path.is_file() else []
        results = [self._entry(line) for line in lines if line["kind"] == "result"]
        outcomes = [(entry, unpack(entry["result"])) for entry in results]
        return Earlier(
            run_id=values["id"],
            started=values["started"],
            parts=sum(line["kind"] == "part" for line in lines),
            # What was skipped or not run comes again: only what it may have cost stays.
            entries=[e for e, result in outcomes if _counts(result)],
            cut=[_cut(line) for line in lines if line["kind"] == "cut"],
            wall_s=_wall(lines),
            done=frozenset(r.nodeid for _, r in outcomes if r.outcome in VERDICTS),
        )

    def _run_file(self) -> dict[str, Any]:
        path = self.folder / NAME
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            whole = values["schema"] == SCHEMA and isinstance(values["id"], str)
            if whole and all(isinstance(v, str) for v in values["configuration"].values()):
                values["started"] = float(values["started"])
                return dict(values)
        except FileNotFoundError:
            raise UsageMistake(
                f"{OPTION}={self.folder}: there is no {NAME}: no run has begun there"
            ) from None
        except (OSError, ValueError, RecursionError, LookupError, TypeError, AttributeError):
            pass
        raise UsageMistake(f"{OPTION}: {path} is no description of a run; start a new run")

    def _entry(self, line: dict[str, Any]) -> dict[str, Any]:
        try:
            packed: dict[str, Any] = line["packed"]
            unpack(packed["result"])
        except (LookupError, TypeError):
            raise UsageMistake(
                f"{OPTION}: {self.journal.path} holds a result that this version cannot read; "
                "start a new run"
            ) from None
        return packed

    def _put_aside(self) -> None:
        for name in OF_ATTEMPTS:
            old, number = self.folder / name, 1
            while (kept := self.folder / f"{name}-{number}").exists():
                number += 1
            if old.is_dir() and any(old.iterdir()):
                old.rename(kept)
        (self.folder / "trajectories").mkdir(exist_ok=True)

    def _cut_short(self) -> list[tuple[str, Usage, float | None]]:
        """Attempts with more tries on disk than the journal knows of: the last was cut short."""
        known = Counter(
            line["nodeid"] if line["kind"] == "cut" else line["packed"]["result"]["nodeid"]
            for line in read_journal(self.journal.path)
            if line["kind"] != "part"
        )
        found = []
        folder = self.folder / "trajectories"
        for path in sorted(folder.glob("*.jsonl")):
            nodeid = _nodeid(path)
            tries = 1 + len(list(folder.glob(f"try-*/{_literal(path.name)}")))
            if tries > known[nodeid]:
                found.append((nodeid, *spent(path)))
        return found


def _counts(result: Result) -> bool:
    return result.outcome in (*VERDICTS, "error") or result.usage != Usage()


def _nodeid(path: Path) -> str:
    first: dict[str, Any] = next(read_events(path), {})
    return str(first.get("data", {}).get("nodeid", ""))


def _literal(name: str) -> str:
    """The name for a glob: ids end in brackets."""
    return name.replace("[", "[[]")


def _cut(line: dict[str, Any]) -> tuple[Usage, float | None]:
    return Usage(**line["usage"]), line["cost_usd"]


def _wall(lines: Sequence[dict[str, Any]]) -> float:
    """Each part's time from its beginning to its last line."""
    total = began = last = 0.0
    for line in lines:
        if line["kind"] == "part":
            total += last - began
            began = line["at"]
        last = line["at"]
    return total + last - began
