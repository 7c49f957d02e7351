"""A benchmark of one's own in a few lines: a file of tasks, a class with tools, a grader.

``SimpleBenchmark`` is a whole ``contracts.Benchmark`` over a JSON lines file; an environment
that derives from ``SimpleEnvironment`` says how a task starts, what its tools do (methods
marked ``@tool``) and when it is resolved. Whoever needs more writes the contract itself.
"""

from __future__ import annotations

from pytest_smallbench.simple.benchmark import SimpleBenchmark
from pytest_smallbench.simple.environment import SimpleEnvironment
from pytest_smallbench.simple.tools import tool
from pytest_smallbench.tool_arguments import BadCall

__all__ = ["BadCall", "SimpleBenchmark", "SimpleEnvironment", "tool"]
