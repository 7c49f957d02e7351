"""pytest-smallbench: benchmarks of language-model agents, run as pytest suites.

The public names; they are loaded at first use, since pytest imports this with every run.
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_smallbench.agents.context import AgentContext
    from pytest_smallbench.contracts import (
        Agent,
        Benchmark,
        Completed,
        Environment,
        Grade,
        Limits,
        Model,
        Observation,
        Reply,
        Sandbox,
        SandboxBack,
        SandboxLimits,
        Task,
        Tool,
        ToolCall,
        Usage,
    )
    from pytest_smallbench.custom.data_file import tasks_from
    from pytest_smallbench.errors import (
        InfrastructureError,
        LimitReached,
        ModelError,
        SandboxError,
        SmallbenchError,
        Unresolved,
    )

__all__ = [
    "Agent",
    "AgentContext",
    "Benchmark",
    "Completed",
    "Environment",
    "Grade",
    "InfrastructureError",
    "LimitReached",
    "Limits",
    "Model",
    "ModelError",
    "Observation",
    "Reply",
    "Sandbox",
    "SandboxBack",
    "SandboxError",
    "SandboxLimits",
    "SmallbenchError",
    "Task",
    "Tool",
    "ToolCall",
    "Unresolved",
    "Usage",
    "tasks_from",
]

# In a checkout that `python -m pytest` imports, benchmarks/ lies beside this package, not in it.
_HERE = os.path.dirname(__file__)
if not os.path.isdir(os.path.join(_HERE, "benchmarks")):
    __path__.append(os.path.dirname(_HERE))

_ROOMS = ("contracts", "errors", "agents.context", "custom.data_file")


def __getattr__(name: str) -> Any:  # Any: classes and exceptions alike
    if name in __all__:
        for room in _ROOMS:
            module = importlib.import_module(f"{__name__}.{room}")
            if name in vars(module):
                return vars(module)[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
