"""What is known of the reference solutions in one grading environment.

A task whose reference solution does not pass cannot be graded there: it is skipped, with
the reason. The others' own times set the wall limit. What the user's own checks found (one
JSON file for each environment and revision of the data set, written by the controller only)
stands before what the tables say that came with us (``reference_tables.py``).
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from pytest_smallbench.contracts import ReferenceCheck
from pytest_smallbench.errors import UsageMistake

from .records import Record
from .reference_tables import table_for

SCHEMA = "smallbench-references/1"
UNVALIDATED_LIMIT_S = 240.0  # the official evaluator's
LEAST_LIMIT_S = 60.0  # a solution may be slower than the reference by more than its tests are
REFERENCE_TIMES = 3.0


class ReferenceChecks:
    """What is known for one fingerprint of a grading environment and one data set revision."""

    def __init__(self, cache: Path, fingerprint: str, revision: str) -> None:
        self.path = cache / "references" / f"{_slug(fingerprint)}@{_slug(revision)}.json"
        self._labels = {"schema": SCHEMA, "fingerprint": fingerprint, "revision": revision}
        self._checks = self._read()
        self._table = table_for(fingerprint)

    def __len__(self) -> int:
        """How many tasks the user checked."""
        return len(self._checks)

    def get(self, record: Record) -> ReferenceCheck | None:
        """What was found for this task, None where it was never checked (``unvalidated``)."""
        own = self._checks.get(record.task_id)
        return own if own or self._table is None else self._table.get(record)

    def skip_reason(self, record: Record, broken: Iterable[str] = ()) -> str:
        """Why this task cannot be graded here; empty where it can, or where nobody knows.

        ``broken`` are libraries that cannot be imported here, as ``module: cause``. The same
        words for all tasks of one cause, so that a report can count them."""
        check = self.get(record)
        if check is None or check.outcome == "pass":
            checked_here = record.task_id in self._checks
            return "" if checked_here else _missing_library(record, broken)
        how = "passes only sometimes" if check.outcome == "flaky" else "does not pass"
        cause = f": {check.cause}" if check.cause else ""
        return f"the reference solution {how} in this environment{cause}"

    def wall_limit(self, record: Record) -> float:
        """Seconds that a run of this task's hidden tests may take."""
        check = self.get(record)
        if check is None or check.outcome != "pass":
            return UNVALIDATED_LIMIT_S
        return max(LEAST_LIMIT_S, REFERENCE_TIMES * check.seconds)

    def expected_s(self, record: Record) -> float | None:
        """How long grading this task is expected to take; None where it was never checked."""
        check = self.get(record)
        return check.seconds if check else None

    def may_skip(self, record: Record) -> tuple[str, ...]:
        """The hidden tests that a solution may skip, as the reference skips them."""
        check = self.get(record)
        return check.skips if check else ()

    def summary(self) -> str:
        """The user's own checks in a few words: how many pass, and why the others do not."""
        outcomes = Counter(check.outcome for check in self._checks.values())
        causes = Counter(c.cause for c in self._checks.values() if c.outcome != "pass")
        skipped = sum(causes.values())
        listed = ", ".join(f"{cause}: {count}" for cause, count in causes.most_common())
        return f"{outcomes['pass']} pass, {skipped} tasks to skip" + (listed and f" ({listed})")

    def add(self, checks: Mapping[str, ReferenceCheck]) -> None:
        """Take in new checks and write them. Tasks not among them keep what was known; of
        two runs that write at the same time neither loses what the other found."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.with_suffix(".lock").open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            self._checks = self._read()
            for task, check in checks.items():
                self._checks[task] = _merged(self._checks.get(task), check)
            self._write()

    def _read(self) -> dict[str, ReferenceCheck]:
        try:
            stored: dict[str, Any] = json.loads(self.path.read_text("utf-8"))
            return {task: _check(**check) for task, check in stored["tasks"].items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise UsageMistake(
                f"cannot read the reference checks in {self.path} ({type(error).__name__}): "
                "delete that file and run --smallbench-validate again"
            ) from None

    def _write(self) -> None:
        tasks = {task: asdict(check) for task, check in sorted(self._checks.items())}
        scratch = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        scratch.write_text(json.dumps(self._labels | {"tasks": tasks}, indent=1), "utf-8")
        scratch.replace(self.path)


def _merged(old: ReferenceCheck | None, new: ReferenceCheck) -> ReferenceCheck:
    """The newer one holds, but a task that was seen to waver is not cleared by fewer runs
    than it took to see it waver."""
    if old is None or old.outcome != "flaky" or new.runs >= old.runs:
        return new
    return replace(
        old,
        cause=old.cause or new.cause,
        seconds=max(old.seconds, new.seconds),
        runs=old.runs + new.runs,
    )


def _missing_library(record: Record, broken: Iterable[str]) -> str:
    wanted = {library.partition(".")[0] for library in record.libs}
    for module, _, _ in (cause.partition(":") for cause in broken):
        if module.partition(".")[0] in wanted:
            return f"needs {module}, which cannot be imported in this environment"
    return ""


def _check(*, skips: Iterable[str] = (), **values: Any) -> ReferenceCheck:
    return ReferenceCheck(**values, skips=tuple(skips))


def _slug(text: str) -> str:
    return re.sub(r"[^\w.+-]+", "_", text)[:100]
