"""Which prompt template an agent had: its name, and a hash that tells two of them apart."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pytest_smallbench.reports.shape import AgentPrompt


def agent_prompt(path: Path | None) -> AgentPrompt | None:
    """None without a template."""
    if path is None:
        return None
    return {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
