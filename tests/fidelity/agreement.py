"""Verdicts of our grader and of the official BigCodeBench evaluator, on the same solutions.

    python tests/fidelity/agreement.py                      # 600 mutants of reference solutions
    python tests/fidelity/agreement.py --solutions FILE     # lines of {"task_id", "solution"}

Both judge with the same interpreter and under the same time limit; the official side is
``bigcodebench`` 0.2.5's own ``untrusted_check``. Where they disagree both judge three times
more, so that what wavers is told from what does not. Needs SMALLBENCH_TEST_DATA. Ends with 1
where a disagreement is left that is not listed in KNOWN (docs/fidelity.md explains these).
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from confined import confined, why_not
from mutants import KINDS, Mutant, make_mutants

HERE = Path(__file__).parent
SIDES = HERE.parent / "performance"
sys.path.append(str(SIDES))

from grading import environment, grading_python, install_official  # noqa: E402 - lies there
from pytest_smallbench.benchmarks.bcb_agent.domains import domain_of  # noqa: E402 - as above
from pytest_smallbench.benchmarks.bcb_agent.grading_environment import GradingPython  # noqa: E402 - as above
from pytest_smallbench.benchmarks.bcb_agent.records import checked_record  # noqa: E402 - as above
from pytest_smallbench.benchmarks.bcb_agent.reference_tables import table_for  # noqa: E402 - as above

from pytest_smallbench.cache import cache_folder  # noqa: E402 - as above

COUNT, SEED, LIMIT_S, WORKERS = 600, 0, 20.0, 2
AGAIN = 3
BATCH = 50  # between two signs of life
FAST_S = 1.0  # of a reference's run, so that a mutant's time limit is far away from it
# Task id -> why the two sides differ on every solution of it, as docs/fidelity.md has it.
KNOWN: dict[str, str] = {
    "BigCodeBench/205": "the official evaluator's guard breaks what the task's tests patch",
    "BigCodeBench/363": "the official evaluator waits for a pool of processes that never ends",
    "BigCodeBench/812": "expects an ordinary user, and the official evaluator runs as root",
}


@dataclass(frozen=True)
class Judged:
    """A mutant and what both sides said, in each of their runs: ``official`` is pass, fail,
    timeout or died; ``ours`` is pass or the explanation."""

    mutant: Mutant
    official: tuple[str, ...]
    ours: tuple[str, ...]

    @property
    def agree(self) -> bool:
        return _passes(self.official) == _passes(self.ours) != {True, False}

    @property
    def wavers(self) -> bool:
        return len(_passes(self.official)) == 2 or len(_passes(self.ours)) == 2


def _passes(verdicts: Iterable[str]) -> set[bool]:
    return {verdict == "pass" for verdict in verdicts}


# -- what is judged ---------------------------------------------------------------


def load_records() -> dict[str, dict[str, Any]]:
    data = Path(os.environ["SMALLBENCH_TEST_DATA"]) / "bigcodebench" / "BigCodeBench.jsonl.gz"
    with gzip.open(data, "rt", encoding="utf-8") as lines:
        return {record["task_id"]: record for record in map(json.loads, lines)}


def fast_records(records: Mapping[str, Any], fingerprint: str, seed: int) -> list[dict[str, Any]]:
    """Those whose reference passes fast here, one library domain after the other in turn."""
    table = table_for(fingerprint)
    if table is None:
        sys.exit(f"no reference checks come with the grading environment {fingerprint}")
    domains: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for raw in records.values():
        record = checked_record(raw, raw["task_id"])
        check = table.get(record)
        fast = check and check.outcome == "pass" and check.seconds <= FAST_S
        if fast and record.task_id not in KNOWN:
            domains[domain_of(record.libs)].append(raw)
    rng = random.Random(seed)
    for members in domains.values():
        rng.shuffle(members)
    longest = max(map(len, domains.values()))
    return [m[n] for n in range(longest) for m in domains.values() if n < len(m)]


def given_solutions(path: Path, records: Mapping[str, Any]) -> list[Mutant]:
    """The lines of a file of samples; a task may have several."""
    mutants = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.strip():
            sample = json.loads(line)
            if sample["task_id"] not in records:
                sys.exit(f"{path}:{number}: the data set has no task {sample['task_id']}")
            name = f"{sample['task_id']}~line {number}"
            mutants.append(Mutant(name, "given", sample["task_id"], sample["solution"]))
    return mutants


# -- both sides -------------------------------------------------------------------


class Judges:
    """Both sides, ready to judge. ``scratch`` must not lie in /tmp, which is emptied for the
    official side."""

    def __init__(self, python: GradingPython, scratch: Path, limit_s: float) -> None:
        self._python = python
        self._scratch = scratch
        self._limit_s = str(limit_s)
        library = install_official(python.python, scratch)
        home = {"HOME": "/tmp/home", "MPLCONFIGDIR": "/tmp/home"}
        self._environment = {**environment(scratch, library), **home}

    def judge(self, records: Sequence[Mapping[str, Any]]) -> dict[str, tuple[str, str]]:
        """(official, ours) by the records' ids."""
        sample = self._scratch / "records.json"
        sample.write_text(json.dumps(records))
        official, ours = self._official(sample), self._ours(sample)
        said = {id: "pass" if resolved else why for id, (resolved, why, _) in ours.items()}
        return {id: (official[id][0], said[id]) for id in official}

    def _official(self, sample: Path) -> dict[str, Any]:
        python = self._python.python
        warm = [python, "-B", "-c", "import bigcodebench.eval, matplotlib.pyplot"]
        side = [python, "-B", str(SIDES / "official_side.py"), str(sample), str(WORKERS)]
        command = confined([*side, self._limit_s], first=warm)
        return _output(command, {**self._environment, "PATH": os.environ["PATH"]})

    def _ours(self, sample: Path) -> dict[str, Any]:
        side = [sys.executable, str(SIDES / "our_side.py"), str(sample), str(WORKERS)]
        preload = ",".join(self._python.preload)
        return _output([*side, self._limit_s, self._python.python, preload], os.environ)


def _output(command: Sequence[str], env: Mapping[str, str]) -> dict[str, Any]:
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    if done.returncode:
        sys.exit(f"{command[0]} ended with {done.returncode}:\n{done.stderr[-3000:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def judge_all(
    mutants: Sequence[Mutant], records: Mapping[str, Any], judges: Judges
) -> list[Judged]:
    """Every mutant once, and those on which the sides disagree ``AGAIN`` times more."""

    def samples(chosen: Iterable[Mutant]) -> list[dict[str, Any]]:
        return [{**records[m.task_id], "task_id": m.id, "solution": m.solution} for m in chosen]

    first: dict[str, tuple[str, str]] = {}
    for start in range(0, len(mutants), BATCH):
        first |= judges.judge(samples(mutants[start : start + BATCH]))
        print(f"{len(first)} of {len(mutants)} judged", file=sys.stderr, flush=True)
    runs = {id: [verdicts] for id, verdicts in first.items()}
    doubtful = [m for m in mutants if len(_passes(first[m.id])) == 2]
    for _ in range(AGAIN if doubtful else 0):
        for id, verdicts in judges.judge(samples(doubtful)).items():
            runs[id].append(verdicts)
    return [
        Judged(m, tuple(o for o, _ in runs[m.id]), tuple(u for _, u in runs[m.id])) for m in mutants
    ]


# -- what is told -----------------------------------------------------------------


def table(judged: Sequence[Judged]) -> list[str]:
    """A line a kind: how many, how many both sides pass and fail, and on how many they differ."""
    lines = [
        f"{'kind':<18} {'mutants':>7} {'both pass':>9} {'both fail':>9} {'waver':>5} {'differ':>6}"
    ]
    for kind in [k for k in (*KINDS, "given") if any(j.mutant.kind == k for j in judged)]:
        lines.append(_row(kind, [j for j in judged if j.mutant.kind == kind]))
    return [*lines, _row("all", judged)]


def _row(name: str, judged: Sequence[Judged]) -> str:
    counts = Counter(_verdict(each) for each in judged)
    figures = [len(judged), counts["pass"], counts["fail"], counts["waver"], counts["differ"]]
    return f"{name:<18} " + " ".join(
        f"{n:>{w}}" for n, w in zip(figures, (7, 9, 9, 5, 6), strict=True)
    )


def _verdict(each: Judged) -> str:
    if each.agree:
        return "pass" if each.ours[0] == "pass" else "fail"
    return "waver" if each.wavers else "differ"


def differing(judged: Iterable[Judged]) -> list[str]:
    return [
        f"{_verdict(each)} {each.mutant.id}: official {', '.join(each.official)}; "
        f"ours {', '.join(dict.fromkeys(each.ours))}"
        for each in judged
        if not each.agree
    ]


def unexplained(judged: Iterable[Judged]) -> list[str]:
    """Ids of those on which the sides differ for no known reason."""
    return [
        each.mutant.id
        for each in judged
        if _verdict(each) == "differ" and each.mutant.task_id not in KNOWN
    ]


def write(path: Path, judged: Iterable[Judged]) -> None:
    """All of it as JSON lines, each with the solution."""
    lines = [json.dumps({**asdict(each.mutant), "official": each.official, "ours": each.ours})
             for each in judged]  # fmt: skip
    path.write_text("\n".join(lines) + "\n", "utf-8")


def compare(
    mutants: Sequence[Mutant], records: Mapping[str, Any], python: GradingPython, limit_s: float
) -> list[Judged]:
    """Both sides' verdicts on all of them; ``records`` are the tasks' by their ids."""
    cache_folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fidelity-", dir=cache_folder()) as scratch:
        return judge_all(mutants, records, Judges(python, Path(scratch), limit_s))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--mutants", type=int, default=COUNT)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--solutions", type=Path, help="judge these samples instead of mutants")
    parser.add_argument("--limit", type=float, default=LIMIT_S, help="seconds, for both sides")
    parser.add_argument("--python", help="the grading environment's interpreter")
    parser.add_argument("--write", type=Path, help="a file for all verdicts, as JSON lines")
    options = parser.parse_args()
    if problem := why_not():
        sys.exit(f"the official evaluator cannot be confined here: {problem}")
    records, python = load_records(), grading_python(options.python)
    if options.solutions:
        mutants = given_solutions(options.solutions, records)
    else:
        fast = fast_records(records, python.fingerprint, options.seed)
        mutants = make_mutants(fast, options.mutants, options.seed)
    judged = compare(mutants, records, python, options.limit)
    if options.write:
        write(options.write, judged)
    print("\n".join([*differing(judged), "", *table(judged)]))
    sys.exit(bool(unexplained(judged)))


if __name__ == "__main__":
    main()
