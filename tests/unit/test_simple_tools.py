"""A method's signature and docstring are what a model is told of a tool."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest

from pytest_smallbench.simple import tool
from pytest_smallbench.simple.tools import tools_of


class Kettle:
    @tool
    def boil(
        self,
        litres: Annotated[float, "how much"],
        kind: Literal["tea", "coffee"],
        names: list[str],
        times: int = 1,
        quick: bool = False,
    ) -> str:
        """Boils water,
        as often as asked."""
        return ""

    @tool(ends=True)
    def pour(self) -> str:
        """Pours it."""
        return ""

    def not_a_tool(self, anything):
        pass


class Samovar(Kettle):
    @tool
    def boil(self) -> str:  # type: ignore[override]
        """Boils always."""
        return ""


def test_a_signature_becomes_a_schema():
    boil = tools_of(Kettle)["boil"].tool
    assert boil.description == "Boils water, as often as asked."
    assert boil.parameters == {
        "type": "object",
        "properties": {
            "litres": {"type": "number", "description": "how much"},
            "kind": {"type": "string", "enum": ["tea", "coffee"]},
            "names": {"type": "array", "items": {"type": "string"}},
            "times": {"type": "integer"},
            "quick": {"type": "boolean"},
        },
        "required": ["litres", "kind", "names"],
        "additionalProperties": False,
    }


def test_tools_come_as_they_are_written_and_may_be_overridden():
    assert [*tools_of(Kettle)] == ["boil", "pour"]
    assert [method.ends for method in tools_of(Kettle).values()] == [False, True]
    assert tools_of(Samovar)["boil"].tool.description == "Boils always."


def test_a_tool_without_a_docstring_is_refused():
    class Silent:
        @tool
        def hum(self) -> str:
            return ""

    with pytest.raises(TypeError, match=r"tool .*Silent\.hum has no docstring"):
        tools_of(Silent)


@pytest.mark.parametrize("hint", ["", ": dict", ": object", ": 'Literal[1, 2]'"])
def test_a_parameter_that_cannot_be_told_is_refused(hint):
    space = {"tool": tool, "Literal": Literal}
    exec(f"class Odd:\n @tool\n def hum(self, tune{hint}):\n  'Hums.'", space)
    with pytest.raises(TypeError, match=r"tool Odd\.hum: parameter 'tune' must be annotated as"):
        tools_of(space["Odd"])


def test_an_annotation_that_cannot_be_read_names_the_tool():
    class Odd:
        @tool
        def hum(self, tune: Elsewhere) -> str:  # noqa: F821 - that is the fault
            """Hums."""
            return ""

    with pytest.raises(TypeError, match=r"Odd\.hum: name 'Elsewhere' is not defined; import what"):
        tools_of(Odd)
