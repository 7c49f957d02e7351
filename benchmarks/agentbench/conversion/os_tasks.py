"""os: data/os_interaction/data/dev.json and data/os_interaction/data/<n>/*.json, whose scripts
lie in data/os_interaction/scripts/{dev,<n>} (branches v0.2 and main)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pytest_smallbench.errors import UsageMistake

from .original import Raw, broken, json_records, text

ROOM = "os_interaction"


def convert(data: Path) -> dict[str, list[Raw]]:
    """Records by split."""
    room = data / ROOM
    found: dict[str, list[Raw]] = {}
    dev = room / "data" / "dev.json"
    if dev.is_file():
        found["dev"] = list(_of_file(dev, room / "scripts" / "dev", "dev"))
    parts = (room / "data").glob("[0-9]/*.json") if room.is_dir() else ()
    for path in sorted(parts):
        part = path.parent.name
        name = f"std-{part}-{path.stem}"
        found.setdefault("std", []).extend(_of_file(path, room / "scripts" / part, name))
    return found


def _of_file(path: Path, scripts: Path, name: str) -> Iterator[Raw]:
    for number, (where, raw) in enumerate(json_records(path)):
        yield {"id": f"os-{name}-{number:03d}", "split": name[:3], **_record(raw, scripts, where)}


def _record(raw: Raw, scripts: Path, where: str) -> dict[str, Any]:
    create = raw.get("create")
    if not isinstance(create, Mapping):  # two records give a list here, which nothing reads
        create = {}
    judged = raw.get("evaluation")
    if not isinstance(judged, Mapping):
        broken(where, "evaluation", "an object")
    evaluation = _evaluation(judged, scripts, where)
    init = create.get("init", [])
    return {
        "description": text(raw, "description", where),
        "image": str(create.get("image") or create.get("local") or "default").rpartition("/")[2],
        "init": [_script(one, scripts, where) for one in _listed(init)],
        "start": _script(raw["start"], scripts, where) if raw.get("start") else None,
        "labels": list(raw.get("labels") or ()),
        "explanation": raw.get("explanation"),
        "evaluation": evaluation,
        "example": _script(judged["example"], scripts, where) if judged.get("example") else None,
        "grading": _grading(evaluation),
        "check": {},
        "verified": None,
    }


def _evaluation(judged: Mapping[str, Any], scripts: Path, where: str) -> dict[str, Any]:
    if "match" in judged:
        match = judged["match"]
        wanted = {"answer": match, "strip": True} if isinstance(match, str) else match
        if not isinstance(wanted, Mapping) or not {"answer", "regex"} & set(wanted):
            broken(where, "evaluation.match", "a text, or an object with answer or regex")
        return {"kind": "match", "match": {"strip": True, **wanted}}
    if "check" not in judged:
        broken(where, "evaluation", "an object with match or check")
    steps = [_step(one, scripts, where) for one in _listed(judged["check"])]
    return {"kind": "check", "steps": steps}


def _step(given: Any, scripts: Path, where: str) -> dict[str, Any]:
    if given is None:
        return {"use": "example"}
    return {"use": "script", **_script(given, scripts, where)}


def _script(given: Any, scripts: Path, where: str) -> dict[str, str]:
    """A script given as a text, as {code}, or as {file} below the part's folder of scripts."""
    if isinstance(given, str):
        return {"lang": "bash", "code": given}
    if not isinstance(given, Mapping):
        broken(where, "script", "a text, or an object with code or file")
    lang = str(given.get("language", "bash"))
    if "file" not in given:
        return {"lang": lang, "code": text(given, "code", where)}
    name = text(given, "file", where)
    path = (scripts / name).resolve()
    if not path.is_relative_to(scripts.resolve()):
        raise UsageMistake(f"{where}: the script {name} lies outside {scripts}")
    try:
        return {"lang": lang, "code": path.read_text("utf-8"), "file": name}
    except (OSError, ValueError) as error:
        raise UsageMistake(f"{where}: script {path} cannot be read: {error}") from None


def _listed(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [given]


def _grading(evaluation: Mapping[str, Any]) -> str:
    if evaluation["kind"] == "match":
        return "match"
    uses = [step["use"] for step in evaluation["steps"]]
    return "example_vs_answer" if "example" in uses else "check_script"
