"""AgentBench: seven interactive environments, each with a real engine, in one process."""

from __future__ import annotations

from .benchmark import AgentBench

BENCHMARK = AgentBench()
"""What the entry point ``agentbench`` of the group ``smallbench.benchmarks`` names."""
