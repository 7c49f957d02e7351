"""The four tools of the card game."""

from __future__ import annotations

from typing import Any

from pytest_smallbench.contracts import Tool

_FISH = {"type": "string", "description": "The name of a fish, such as eel."}


def _tool(name: str, text: str, required: tuple[str, ...] = (), **properties: Any) -> Tool:
    schema = {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }
    return Tool(name, text, schema)


def _position(text: str) -> dict[str, str]:
    return {"type": "integer", "description": text}


TOOLS = (
    _tool(
        "guess",
        "Guess phase: name the fish at a living enemy position that is not exposed yet.",
        ("position", "fish"),
        position=_position("The enemy position, 0 to 3."),
        fish=_FISH,
    ),
    _tool("skip_guess", "Guess phase: make no guess this turn."),
    _tool(
        "act",
        "Action phase: one of your living fish hits an enemy (normal) or uses its skill (active).",
        ("fish", "action"),
        fish={"type": "string", "description": "The name of your fish that acts."},
        action={"type": "string", "description": "normal or active."},
        target=_position(
            "The position that is aimed at: an enemy's, or an own fish's for skills that take "
            "one. May be left out for skills without a target."
        ),
        ally=_position("For a turtle's skill only: the position of your fish that it heals."),
    ),
    _tool("state", "Show both teams and what happened last. Decides nothing."),
)
