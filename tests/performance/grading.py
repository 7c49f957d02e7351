"""CPU time of our grader and of the official BigCodeBench evaluator, on the same tasks.

    python tests/performance/grading.py [--tasks 60] [--seed 0] [--python PATH]

Both grade the same reference solutions with the same interpreter, two at a time, under the
same limits, in the same run; start-up is counted on both sides. Needs SMALLBENCH_TEST_DATA
(a folder with ``bigcodebench/BigCodeBench.jsonl.gz``). Without --python, or
SMALLBENCH_TEST_PYTHON, the reference environment is built in the cache.

The budget, a quarter, is not met; docs/fidelity.md has figures and says where the time goes.
The third side, the same tests in bare forks, shows what no grader by forks could save.
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
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from measuring import Spent, measure, usual_environment
from pytest_smallbench.benchmarks.bcb_agent.grading_environment import (
    GradingEnvironment,
    GradingPython,
)
from pytest_smallbench.benchmarks.bcb_agent.program import RUN_ENVIRONMENT

from pytest_smallbench.cache import cache_folder

HERE = Path(__file__).parent
OFFICIAL = "bigcodebench==0.2.5"
WORKERS = 2
LIMIT_S = 240.0  # the official evaluator's
ALLOWED = 0.25  # of its CPU time


@dataclass(frozen=True)
class Comparison:
    """``bare``: the tests in plain forks, with nothing of ours (bare_side.py).
    ``differing``: task ids with the two verdicts, where they are not the same.
    ``runs``: CPU seconds by task, ours and theirs; what a side spends beside is not in it."""

    ours: Spent
    official: Spent
    bare: Spent
    differing: dict[str, str]
    runs: dict[str, tuple[float, float]]

    @property
    def tasks(self) -> int:
        return len(self.runs)

    @property
    def ratio(self) -> float:
        return self.ours.cpu_s / self.official.cpu_s

    @property
    def floor(self) -> float:
        """The ratio of a grader that costs nothing but its tests."""
        return self.bare.cpu_s / self.official.cpu_s

    def __str__(self) -> str:
        sides = {"ours": self.ours, "official": self.official, "bare": self.bare}
        lines = [
            f"{name:9} {spent.cpu_s:7.1f} s CPU, {spent.cpu_s / self.tasks:6.3f} s a task, "
            f"{spent.wall_s:7.1f} s wall"
            for name, spent in sides.items()
        ]
        ratios = f"ratio {self.ratio:.3f}, of bare forks {self.floor:.3f}"
        lines.append(f"{self.tasks} tasks, {WORKERS} at a time: {ratios}")
        shares = sorted(mine / theirs for mine, theirs in self.runs.values())
        lines.append(f"the median task: {shares[len(shares) // 2]:.3f} of the official run's")
        costly = sorted(self.runs.items(), key=lambda item: -item[1][0])[:5]
        lines += [f"  {task}: {mine:.2f} s, {theirs:.2f} s" for task, (mine, theirs) in costly]
        lines += [f"  {task}: {verdicts}" for task, verdicts in self.differing.items()]
        return "\n".join(lines)


def compare(records: list[dict[str, Any]], python: GradingPython, scratch: Path) -> Comparison:
    """Grade with both, one after the other. ``scratch`` is a folder for files in between."""
    sample = scratch / "records.json"
    sample.write_text(json.dumps(records))
    library = install_official(python.python, scratch)
    env = environment(scratch, library)
    own_env = {**usual_environment(), **env}
    warm(python.python, env, own_env)
    limits, preload = [str(sample), str(WORKERS), str(LIMIT_S)], ",".join(python.preload)
    official = measure([python.python, "-B", str(HERE / "official_side.py"), *limits], env)
    bare = measure([python.python, "-B", str(HERE / "bare_side.py"), *limits, preload], env)
    ours = measure(
        [sys.executable, str(HERE / "our_side.py"), *limits, python.python, preload],
        own_env,
    )
    theirs, mine = json.loads(official.stdout), json.loads(ours.stdout)
    differing = {
        task: f"official {theirs[task][0]}, ours {'pass' if resolved else why}"
        for task, (resolved, why, _) in mine.items()
        if resolved != (theirs[task][0] == "pass")
    }
    runs = {task: (found[2], theirs[task][1]) for task, found in mine.items()}
    return Comparison(ours, official, bare, differing, runs)


def sample_records(count: int, seed: int) -> list[dict[str, Any]]:
    """A seeded sample of the real data set, with the reference as each one's ``solution``."""
    data = Path(os.environ["SMALLBENCH_TEST_DATA"]) / "bigcodebench" / "BigCodeBench.jsonl.gz"
    with gzip.open(data, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    for record in records:
        record["solution"] = record["code_prompt"] + record["canonical_solution"]
    return random.Random(seed).sample(records, count)


def grading_python(path: str | None) -> GradingPython:
    def say(line: str) -> None:
        print(line, file=sys.stderr)

    path = path or os.environ.get("SMALLBENCH_TEST_PYTHON")
    if path:
        return GradingEnvironment.existing(path, cache=cache_folder(), say=say)
    return GradingEnvironment.ensure("reference", base_python=None, cache=cache_folder(), say=say)


def install_official(python: str, scratch: Path) -> Path:
    """Its code alone: the evaluating part imports nothing that the environment lacks."""
    import uv

    target = scratch / "official"
    command = [uv.find_uv_bin(), "pip", "install", "--no-deps", "--quiet", "--python", python]
    subprocess.run([*command, "--target", str(target), OFFICIAL], check=True)
    return target


def environment(scratch: Path, library: Path) -> Mapping[str, str]:
    """For the official side: one thread a library, as in our sandbox, and a home of its own."""
    home = scratch / "home"
    home.mkdir(exist_ok=True)
    return {
        "PATH": os.defpath,
        "HOME": str(home),
        "MPLCONFIGDIR": str(home),
        "PYTHONPATH": str(library),
        **RUN_ENVIRONMENT,
    }


def warm(python: str, env: Mapping[str, str], own_env: Mapping[str, str]) -> None:
    """Neither side shall pay for bytecode, for the font list, or for a cold disk."""
    subprocess.run(
        [python, "-c", "import bigcodebench.eval, matplotlib.pyplot"], env=env, check=True
    )
    subprocess.run([sys.executable, "-c", "import our_side"], cwd=HERE, env=own_env, check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--tasks", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--python")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="smallbench-") as scratch:
        records = sample_records(options.tasks, options.seed)
        comparison = compare(records, grading_python(options.python), Path(scratch))
    print(comparison)
    sys.exit(comparison.ratio > ALLOWED)


if __name__ == "__main__":
    main()
