"""One promise of a benchmark's, and how it is looked for."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pytest

from pytest_smallbench.testing.benchmark_rig import Rig


@dataclass(frozen=True)
class BenchmarkCheck:
    """``find`` yields a line for each thing that breaks the promise; ``promise`` goes on from
    "the benchmark ...". Where ``idle`` says why it cannot be looked for, it is not."""

    name: str
    promise: str
    find: Callable[[Rig], Iterable[str]]
    idle: Callable[[Rig], str] = lambda rig: ""

    def __str__(self) -> str:
        return self.name

    def problems(self, rig: Rig) -> list[str]:
        """What is wrong, a line each. An exception of the benchmark's is one of them."""
        found: list[str] = []
        try:
            found.extend(self.find(rig))
        except Exception as error:  # the benchmark's own, whatever it is
            found.append(raised(error))
        return found

    def verify(self, rig: Rig) -> None:
        """Raises AssertionError with all that is wrong; skips where it cannot be looked for. An
        exception of the benchmark's passes through, with its traceback."""
        if idle := self.idle(rig):
            pytest.skip(idle)
        problems = list(self.find(rig))
        if problems:
            pytest.fail(
                f"the benchmark {self.promise}: not so\n" + "\n".join(problems), pytrace=False
            )


def raised(error: Exception) -> str:
    """An exception of the benchmark's in one line, and where in its code it came from."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{last.filename.rsplit('/', 1)[-1]}:{last.lineno}"
    text = " ".join(str(error).split())[:300]
    return f"{type(error).__name__} in {last.name} ({where}): {text}"
