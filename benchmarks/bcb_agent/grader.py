"""From a submission to a grade: hidden tests, run beside the submission, judged out here.

The run's only word is one message that ``harness.py`` sends at the end. It says of each
test under a random name whether it passed; which of them had to fail is known only here.
"""

from __future__ import annotations

import json
import random
import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import asdict

from pytest_smallbench.contracts import Completed, Grade, Sandbox
from pytest_smallbench.errors import GradingError, SandboxError

from . import assembly, canaries, packing
from .program import RUN_ENVIRONMENT
from .suspicion import suspicions
from .verdicts import Case, Verdict, judge

WALL_S = 240.0
"""The official evaluator's time limit, in seconds."""

ENVIRONMENT = {
    **RUN_ENVIRONMENT,
    "NUMEXPR_NUM_THREADS": "1",
    # As the official evaluator sets them.
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
}

# Audit events that no honest program of this kind raises, and the words in a record whose
# own code would. Not among them: gc.get_referents, which pandas uses, and which shows
# nothing of frames that are running; and those of ctypes, which numba uses.
_EVENTS = {
    "gc.get_objects": r"\bgc\b",
    "gc.get_referrers": r"\bgc\b",
    "sys._current_frames": r"_current_frames",
    "sys._current_exceptions": r"_current_exceptions",
    "sys.settrace": r"settrace|\btrace\b|\bpdb\b|\bbdb\b|coverage",
    "sys.setprofile": r"profile",
    "sys.addaudithook": r"addaudithook",
    "sys.monitoring.register_callback": r"monitoring",
    "sys.remote_exec": r"remote_exec",
}
# Canaries are not charged to the limit: they may take this share of it on top.
_CANARIES_SHARE = 0.25
# Those that run last may take this share of the real tests' time, or this many seconds.
_PATIENCE = (0.2, 0.1)


def grade(
    record: Mapping[str, str],
    solution: str,
    sandbox: Sandbox,
    *,
    wall_s: float = WALL_S,
    reference_skips: Collection[str] = (),
    seed: int | None = None,
) -> Grade:
    """The verdict on ``solution`` for a record with BigCodeBench's fields.

    ``sandbox`` is fresh, and the caller closes it. ``wall_s`` is the limit, in seconds, for
    the program and its tests. ``reference_skips`` names the tests that the reference solution
    skips, too. ``seed`` fixes names and canaries, for tests of the grader only.
    Raises SandboxError or GradingError where no verdict was possible before the submission
    ran; whatever happens from then on is the submission's doing, and a verdict.
    """
    suite = _suite(record)
    case = Case(record, solution, suite, frozenset(reference_skips), wall_s)
    rng = random.Random(secrets.token_bytes(16) if seed is None else seed)
    suspicious = suspicions(solution)
    flags = [f"suspicious: {', '.join(suspicious)}"] if suspicious else []
    before = sandbox.snapshot()
    verdict = _run(case, sandbox, canaries.plant(suite, rng))
    if verdict.doubt and not (canaries.stateless(suite.source) and canaries.stateless(solution)):
        second = _second_run(case, sandbox, before, rng, verdict)
        if second.resolved:
            flags.append("order-sensitive: resolved in a second run, with the canaries last")
        verdict = second
    return Grade(verdict.resolved, verdict.score, verdict.explanation, solution, tuple(flags))


def _suite(record: Mapping[str, str]) -> assembly.Suite:
    try:
        return assembly.read_suite(record["test"])
    except ValueError as error:
        raise GradingError(f"{record.get('task_id', 'record')}: unusable tests: {error}") from error


def _second_run(
    case: Case, sandbox: Sandbox, before: str, rng: random.Random, verdict: Verdict
) -> Verdict:
    """The real tests undisturbed. Canaries that passed get another chance, before all.

    In a sandbox of its own: nothing may tell the submission that this is the second run.
    """
    planted = canaries.plant(case.suite, rng, mixed=False, first=verdict.agreeable)
    try:
        other = sandbox.fork(before)
    except SandboxError:
        return verdict  # the first run has harmed the sandbox: what it said stands
    try:
        return _run(case, other, planted)
    finally:
        other.close()


def _run(case: Case, sandbox: Sandbox, planted: canaries.Planted) -> Verdict:
    ready, key = secrets.token_hex(16).encode(), secrets.token_hex(32)
    task = {"ready": ready.decode(), "key": key, **_payload(case, planted)}
    completed = sandbox.python(
        packing.LOADER,
        payload=packing.pack(json.dumps(task).encode()),
        env=ENVIRONMENT,
        timeout=case.wall_s * (1 + _CANARIES_SHARE),
    )
    if not completed.messages or not completed.messages[0].startswith(ready):
        raise GradingError(_not_up(completed))
    packing.learn(completed.messages[0][len(ready) :])
    return judge(case, planted, completed, key.encode())


def _payload(case: Case, planted: canaries.Planted) -> dict[str, object]:
    record, suite = case.record, case.suite
    prompt, entry_point = record["code_prompt"], record["entry_point"]
    own_code = "\n".join((prompt, record.get("canonical_solution", ""), suite.source))
    return {
        "program": assembly.program(prompt, case.solution, entry_point),
        "tests": planted.source,
        "order": planted.order,
        "entry_point": entry_point,
        "patience": _PATIENCE,
        "events": [event for event, words in _EVENTS.items() if not re.search(words, own_code)],
        **asdict(assembly.uses(prompt, suite, entry_point)),
    }


def _not_up(completed: Completed) -> str:
    lines = completed.stderr.decode("utf-8", "replace").split("\n")
    said = " | ".join(line.strip() for line in lines if line.strip())[-300:] or "no output"
    limit = f", {completed.killed} limit" if completed.killed else ""
    return f"the harness did not start (exit status {completed.exit_code}{limit}): {said}"
