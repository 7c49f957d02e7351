"""Agents: each solves an environment. The built-in ones, by name and without importing them."""

from __future__ import annotations

from pytest_smallbench.adapters import ADAPTERS

BUILTIN = {
    "react": "pytest_smallbench.agents.react:create",
    "oracle": "pytest_smallbench.agents.oracle:create",
    "nop": "pytest_smallbench.agents.nop:create",
    "solutions": "pytest_smallbench.agents.solutions:create",
    **ADAPTERS,
}
"""Name to ``package.module:factory``; a factory takes an AgentContext and returns an Agent."""

COMMAND = "cmd:"
"""What an agent's name begins with that is a command to run."""

ASK_A_MODEL = ("react", *ADAPTERS)
ASK_NONE = ("oracle", "nop", "solutions")
"""Of an agent of the user's nobody knows."""
