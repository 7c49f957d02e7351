"""Adapters: agents of other libraries act in our environments, with our model behind them.

One module a library, imported when it is asked for; each needs the extra of its name. All
have the same shape: ``LangGraph(model, build)``, where ``build(tools, model)`` returns the
library's own agent from the library's own tools and model objects.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pytest_smallbench.errors import UsageMistake

ADAPTERS = {
    "dspy": "pytest_smallbench.adapters.dspy:create",
    "langgraph": "pytest_smallbench.adapters.langgraph:create",
    "openai-agents": "pytest_smallbench.adapters.openai_agents:create",
    "pydantic-ai": "pytest_smallbench.adapters.pydantic_ai:create",
    "smolagents": "pytest_smallbench.adapters.smolagents:create",
}
"""Agents by name, as in ``agents.BUILTIN``. The name is the extra's, too."""


@contextmanager
def extra(name: str) -> Iterator[None]:
    """Around the imports of a library that not everybody has."""
    try:
        yield
    except ModuleNotFoundError as missing:
        raise UsageMistake(
            f"agent {name}: there is no module {missing.name!r}; "
            f"pip install 'pytest-smallbench[{name}]'"
        ) from None
