"""kg: data/knowledgegraph/{dev,std}.json (branches v0.2 and main).

The original asks a Freebase server, which is not in its files: each record gets a small graph
in which its recorded tool calls lead to its recorded answer (micro_graph.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .micro_graph import micro_graph
from .original import Raw, broken, json_records, text, texts

ROOM = "knowledgegraph"


def convert(data: Path) -> dict[str, list[Raw]]:
    """Records by split."""
    found: dict[str, list[Raw]] = {}
    for split in ("dev", "std"):
        path = data / ROOM / f"{split}.json"
        if path.is_file():
            found[split] = [
                {"id": f"kg-{split}-{number:04d}", "split": split, **_record(raw, where)}
                for number, (where, raw) in enumerate(json_records(path))
            ]
    return found


def _record(raw: Raw, where: str) -> dict[str, Any]:
    entities, answer = raw.get("entities"), raw.get("answer")
    if not isinstance(entities, Mapping):
        broken(where, "entities", "an object of names and ids")
    if not isinstance(answer, list):
        broken(where, "answer", "a list")
    ids = [text(part, "answer_argument", where) for part in answer]
    names = {id: name for name, id in entities.items()}
    names |= {i: part["entity_name"] for i, part in zip(ids, answer, strict=True)
              if part.get("entity_name")}  # fmt: skip
    actions = texts(raw, "actions", where)
    triples, holds = micro_graph(actions, answer, where)
    return {
        "qid": str(raw.get("qid", "")),
        "source": raw.get("source", ""),
        "question": text(raw, "question", where),
        "entities": dict(entities),
        "s_expression": raw.get("s_expression", ""),
        "gold_actions": actions,
        "answer": answer,
        "answer_ids": sorted(ids),
        "micro_kg": {"triples": triples, "names": names, "synthetic_completion": True},
        "check": {"error": None, "gold_replay_em": holds},
    }
