"""Makes the table of reference checks that comes with a lock, from checks that were run.

    pytest --smallbench=bcb-agent --smallbench-dataset=FILE --smallbench-validate=2 -n 2
    python tests/fidelity/make_reference_table.py STORE [STORE...]

STORE is the file that the first command names at its end; several of one environment are
put together, and a task that passed in one and failed in another is flaky. For a lock other
than ``reference`` the reference's own table must be there: what passes with its libraries
and not with these is said to need them. Needs SMALLBENCH_TEST_DATA.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from agreement import load_records
from pytest_smallbench.benchmarks.bcb_agent.images import FOLDER
from pytest_smallbench.benchmarks.bcb_agent.records import Record, checked_record
from pytest_smallbench.benchmarks.bcb_agent.reference_causes import (
    LIBRARY,
    NETWORK,
    TESTS,
    VERSIONS,
)
from pytest_smallbench.benchmarks.bcb_agent.reference_tables import (
    ReferenceTable,
    read_table,
    write_table,
)

from pytest_smallbench.contracts import ReferenceCheck

REFERENCE = FOLDER / "reference_checks_reference.jsonl"
MAY_BE_VERSIONS = (TESTS, LIBRARY, NETWORK)  # what the causes of a failure are guessed from


def merged(checks: Iterable[ReferenceCheck]) -> ReferenceCheck:
    """Several checks of one task as one: the slowest run, and the first failure's cause."""
    found = list(checks)
    failed = [check for check in found if check.outcome != "pass"]
    said = (failed or found)[0]
    wavers = {check.outcome for check in found} != {said.outcome}
    return replace(
        said,
        outcome="flaky" if wavers else said.outcome,
        seconds=max(check.seconds for check in found),
        runs=sum(check.runs for check in found),
    )


def explained(
    record: Record, check: ReferenceCheck, other: ReferenceTable | None
) -> ReferenceCheck:
    """``other`` is the reference environment's table, None where the table is its own."""
    known = other.get(record) if other else None
    if known is None or check.outcome == "pass":
        return check
    if known.outcome == "pass" and check.cause in MAY_BE_VERSIONS:
        return replace(check, cause=VERSIONS)
    return replace(check, cause=known.cause) if known.outcome == "fail" else check


def make(stores: list[Path]) -> tuple[Path, list[tuple[Record, ReferenceCheck]]]:
    read = [json.loads(store.read_text("utf-8")) for store in stores]
    (fingerprint,) = {store["fingerprint"] for store in read}
    lock = fingerprint.partition("-")[0]
    other = None if lock == "reference" else read_table(REFERENCE)
    found = []
    for id, raw in load_records().items():
        record = checked_record(raw, id)
        checks = [ReferenceCheck(**s["tasks"][id]) for s in read if id in s["tasks"]]
        if not checks:
            sys.exit(f"{id} is in none of the stores: check it with --smallbench-validate=2")
        found.append((record, explained(record, merged(checks), other)))
    path = FOLDER / f"reference_checks_{lock}.jsonl"
    write_table(path, fingerprint, found)
    return path, found


def main() -> None:
    path, found = make([Path(name) for name in sys.argv[1:]])
    outcomes = Counter(check.outcome for _, check in found)
    causes = Counter(check.cause for _, check in found if check.outcome != "pass")
    print(f"{path}: {dict(outcomes)}, {dict(causes)}")


if __name__ == "__main__":
    main()
