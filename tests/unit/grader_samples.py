"""A task of our own with tests of many kinds, and the grader over the real process sandbox."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator

import pytest
from pytest_smallbench.benchmarks.bcb_agent.grader import grade

from pytest_smallbench.contracts import Grade, SandboxBack, SandboxLimits, SandboxSetup
from pytest_smallbench.sandboxes.process import ProcessSandboxes

SMALL = SandboxLimits(memory=512 << 20, disk=48 << 20, file_size=32 << 20, processes=48)

RECORD = {
    "task_id": "Own/0",
    "entry_point": "word_counts",
    "code_prompt": """import re
from collections import Counter

def word_counts(text, top=2):
""",
    "canonical_solution": """    if not isinstance(text, str):
        raise TypeError("text must be a string")
    return Counter(re.findall(r"[a-z]+", text.lower())).most_common(top)
""",
    "test": """import unittest
from unittest.mock import patch

class TestCases(unittest.TestCase):
    def setUp(self):
        self.text = "The cat saw the dog and the cat ran"

    def test_counts(self):
        self.assertEqual(word_counts(self.text), [("the", 3), ("cat", 2)])

    def test_top(self):
        result = word_counts(self.text, 1)
        expected = [("the", 3)]
        self.assertListEqual(result, expected)
        self.assertEqual(len(result), 1)

    def test_empty(self):
        result = word_counts("")
        self.assertIsInstance(result, list)
        self.assertEqual(result, [])

    def test_case(self):
        self.assertIn(("dog", 2), word_counts("Dog DOG cat"))

    def test_not_text(self):
        with self.assertRaises(TypeError):
            word_counts(None)

    @patch("re.findall", return_value=["x", "x", "y"])
    def test_uses_findall(self, findall):
        self.assertEqual(word_counts("abc"), [("x", 2), ("y", 1)])
        findall.assert_called_once()
""",
}
SCRIPT = RECORD["code_prompt"] + RECORD["canonical_solution"]
SIGNATURE = "text, top=2"


def record(tests: str, reference: str = "    return 1\n") -> dict[str, str]:
    """A record for ``f(x=0)`` with these tests: lines of the body of TestCases, or a module."""
    if "class TestCases" not in tests:
        body = "".join(f"    {line}\n" for line in tests.splitlines())
        tests = f"import unittest\nclass TestCases(unittest.TestCase):\n{body}"
    return {
        "task_id": "Own/1",
        "entry_point": "f",
        "code_prompt": "import os\ndef f(x=0):\n",
        "canonical_solution": reference,
        "test": tests,
    }


@functools.cache
def unavailable() -> str:
    return ProcessSandboxes().unavailable()


class Grading:
    """Grades in fresh sandboxes of one back."""

    def __init__(self, back: SandboxBack, address: str) -> None:
        self._back, self._address = back, address

    def __call__(
        self,
        of: dict[str, str],
        solution: str,
        *,
        limits: SandboxLimits = SMALL,
        wall_s: float = 60.0,
        reference_skips: tuple[str, ...] = (),
        seed: int | None = None,
    ) -> Grade:
        sandbox = self._back.open(self._address, limits)
        try:
            return grade(
                of,
                solution,
                sandbox,
                wall_s=wall_s,
                reference_skips=reference_skips,
                seed=seed,
            )
        finally:
            sandbox.close()


@pytest.fixture(scope="module")
def grading() -> Iterator[Grading]:
    if unavailable():
        pytest.skip(unavailable())
    back = ProcessSandboxes()
    yield Grading(back, back.start(SandboxSetup(python=sys.executable)))
    back.stop()
