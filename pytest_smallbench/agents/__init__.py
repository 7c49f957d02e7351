"""Agents: each solves an environment. The built-in ones, by name and without importing them."""

from __future__ import annotations

BUILTIN = {
    "react": "pytest_smallbench.agents.react:create",
    "oracle": "pytest_smallbench.agents.oracle:create",
    "nop": "pytest_smallbench.agents.nop:create",
    "solutions": "pytest_smallbench.agents.solutions:create",
}
"""Name to ``package.module:factory``; a factory takes an AgentContext and returns an Agent."""

COMMAND = "cmd:"
"""What an agent's name begins with that is a command to run."""
