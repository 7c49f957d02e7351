"""Nothing of the host's environment reaches a sandbox, an observation or a worker's plan."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping
from typing import Any

from pytest_smallbench.agents.context import play
from pytest_smallbench.agents.oracle import Oracle
from pytest_smallbench.contracts import TaskEntry, Tool, ToolCall
from pytest_smallbench.testing.benchmark_rig import UNLIMITED, Rig
from pytest_smallbench.testing.watched_sandbox import SECRET

PROBES = (
    "env",
    "cat /proc/self/environ /proc/*/environ",
    "import os; print(dict(os.environ))",
    "{self.__init__.__globals__}",
)


def secrets(rig: Rig) -> Iterator[str]:
    """A made-up secret stands in this process's environment while the rig is open."""
    if SECRET.encode() in pickle.dumps((rig.opened.index, rig.opened.preparation)):
        yield "index or prepare hand a secret of the host's environment on; leave os.environ out"
    for entry in rig.entries:
        rig.leaks.clear()
        rig.play(entry, Oracle())
        for method in sorted(set(rig.leaks)):
            yield (
                f"{entry.id}: sandbox.{method} is handed a secret of the host's environment; give "
                "it what the code needs, never os.environ"
            )
        yield from _shown(rig, entry)


def _shown(rig: Rig, entry: TaskEntry) -> Iterator[str]:
    with rig.recorded(entry, UNLIMITED) as recorded:
        environment = recorded.environment
        for tool in environment.tools:
            for probe in PROBES:
                arguments = _probing(tool, probe)
                if SECRET in play(environment, ToolCall(tool.name, arguments)).text:
                    yield (
                        f"{entry.id}: {tool.name}({probe!r}) shows a secret of the host's "
                        "environment; run code in the sandbox, never on the host"
                    )


def _probing(tool: Tool, probe: str) -> dict[str, Any]:
    properties: Mapping[str, Mapping[str, Any]] = tool.parameters.get("properties", {})
    return {name: _value(schema, probe) for name, schema in properties.items()}


def _value(schema: Mapping[str, Any], probe: str) -> Any:
    if schema.get("enum"):
        return schema["enum"][0]
    samples: Mapping[str, Any] = {"integer": 1, "number": 1.0, "boolean": True, "array": [probe]}
    return samples.get(str(schema.get("type")), probe)
