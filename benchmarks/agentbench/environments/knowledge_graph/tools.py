"""The tools as an agent sees them: the original's seven, and one of ours that ends the task."""

from __future__ import annotations

from pytest_smallbench.contracts import Tool

_VARIABLE = "a variable such as #0"
_NODE = "an entity of the question by its name, or a variable such as #0"


def _tool(name: str, description: str, **parameters: str) -> Tool:
    properties = {key: {"type": "string", "description": d} for key, d in parameters.items()}
    return Tool(
        name,
        description,
        {
            "type": "object",
            "properties": properties,
            "required": list(parameters),
            "additionalProperties": False,
        },
    )


TOOLS = (
    _tool(
        "get_relations",
        "List the relations that lead out of an entity, or of any member of a variable.",
        variable=_NODE,
    ),
    _tool(
        "get_neighbors",
        "Make a variable of all that a relation leads to. The relation must be one that "
        "get_relations lists.",
        variable=_NODE,
        relation="the relation",
    ),
    _tool(
        "intersection",
        "Make a variable of what two variables of the same type have in common.",
        variable1=_VARIABLE,
        variable2=_VARIABLE,
    ),
    _tool(
        "get_attributes",
        "List the attributes of a variable's members: numbers and dates.",
        variable=_VARIABLE,
    ),
    _tool(
        "argmax",
        "Make a variable of those members whose attribute is the greatest. The attribute must "
        "have been listed with get_attributes.",
        variable=_VARIABLE,
        attribute="the attribute",
    ),
    _tool(
        "argmin",
        "Make a variable of those members whose attribute is the least. The attribute must "
        "have been listed with get_attributes.",
        variable=_VARIABLE,
        attribute="the attribute",
    ),
    _tool("count", "Make a variable of the number of a variable's members.", variable=_VARIABLE),
    _tool(
        "final_answer",
        "Give a variable as the final answer, which ends the task; saying `Final Answer: #k` "
        "without a tool does the same.",
        variable=_VARIABLE,
    ),
)

RULES = """You answer a question from a knowledge graph that is too large to read. With tools \
you make variables: #0, #1 and so on, in the order in which they are made. A variable is a set \
of entities, or a number. You start from the entities of the question, list the relations of an \
entity or a variable before you follow one, and list the attributes of a variable before you \
compare by one. The tools show relations, attributes and types, never the members of a variable. \
The entities of the question are left out of an answer and of a count.
When one of your variables holds the answer, say it in plain text: `Final Answer: #k`."""
