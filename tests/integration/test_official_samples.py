"""BigCodeBench's own files of samples are graded as they are, without an agent."""

from __future__ import annotations

import json

from pytest_smallbench.benchmarks.bcb_agent.mini import records


def sample(record, solution):
    """A line as ``bigcodebench.generate`` writes it."""
    return json.dumps(
        {
            "task_id": record["task_id"],
            "solution": solution,
            "raw_solution": f"Here you are:\n```python\n{solution}\n```",
            "_identifier": f"{record['task_id']} @ None",
        }
    )


def test_sanitized_and_calibrated_samples_are_graded(pytester):
    first, second, third = records()[:3]
    script = first["code_prompt"] + first["canonical_solution"]
    calibrated = second["code_prompt"] + "\n    pass\n" + second["code_prompt"]
    lines = [
        sample(first, script),
        sample(second, calibrated + second["canonical_solution"]),
        sample(third, third["code_prompt"] + "    return None\n"),
    ]
    (pytester.path / "samples.jsonl").write_text("\n".join(lines) + "\n")
    pytester.runpytest_subprocess(
        "--smallbench=bcb-agent",
        "--smallbench-dataset=mini",
        "--smallbench-agent=solutions",
        "--smallbench-solutions=samples.jsonl",
        "--smallbench-limit=3",
        "--smallbench-output=out",
    ).assert_outcomes(passed=2, failed=1)
    results = json.loads((pytester.path / "out" / "report.json").read_text())["results"]
    assert [result["outcome"] for result in results] == ["resolved", "resolved", "unresolved"]
