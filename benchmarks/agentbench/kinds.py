"""The table of the seven environments, in the specification's order."""

from __future__ import annotations

from dataclasses import replace

from .worlds import Kind


def _kind(
    key: str,
    title: str,
    room: str,
    metric: str,
    weight: float,
    max_steps: int,
    timeout_s: float,
    *settings: str,
) -> Kind:
    return Kind(
        key,
        title,
        metric,
        weight,
        max_steps,
        timeout_s,
        world=f".environments.{room}.world:open_world",
        generator=f".generators.{room}:generate",
        reader=f".environments.{room}.published:read",
        settings=settings,
    )


KINDS = {
    kind.key: kind
    for kind in (
        _kind("os", "Operating System", "operating_system", "success rate", 10.8, 8, 300.0),
        _kind("db", "Database", "database", "success rate", 13.0, 15, 300.0, "db_engine"),
        _kind("kg", "Knowledge Graph", "knowledge_graph", "F1", 13.9, 15, 300.0),
        _kind("web", "Web Shopping", "web_shop", "reward", 30.7, 20, 600.0, "web_pages"),
        _kind("card", "Digital Card Game", "card_game", "score", 12.0, 60, 300.0, "card_mode"),
        _kind(
            "lateral",
            "Lateral Thinking",
            "lateral_thinking",
            "game progress",
            3.5,
            25,
            600.0,
            "judge",
            "judge_model",
            "language",
        ),
        _kind("house", "House-holding", "household", "success rate", 13.0, 35, 180.0),
    )
}
KINDS["os"] = replace(
    KINDS["os"],
    sandboxed=True,
    requirements=".environments.operating_system.requirements:unmet",
)
_FINAL_ANSWER = r"(?i)\b(?:final|find)\s+answer\s*:?\s*(?:variable\s*)?[*`'\"]*#\d"
KINDS["kg"] = replace(KINDS["kg"], text_answer=_FINAL_ANSWER)
"""By key. Time limits lie in the seed's range of 180 to 600 seconds."""
