"""A record of this environment as plain nouns: what prepares the system, and what grades it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

HOME = "/root"
LANGUAGES = ("bash", "python")
KINDS = ("match", "check", "state", "command")


class Broken(ValueError):
    """A record's field that is not as it should be: ``field`` names it."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field} {problem}")


@dataclass(frozen=True)
class Script:
    code: str
    lang: str = "bash"

    def argv(self, *parameters: str, before: str = "") -> list[str]:
        """As a process of its own; ``before`` is put in front of code in bash."""
        if self.lang == "python":
            return ["python3", "-c", self.code, *parameters]
        start = ["/bin/bash", "--norc", "--noprofile", "-c"]
        return [*start, before + self.code, "--", *parameters]


@dataclass(frozen=True)
class OsTask:
    """``init`` prepares the files, ``start`` is typed into the agent's shell before it comes,
    ``example`` is the reference solution. ``rule`` is the evaluation as the record has it, its
    ``kind`` one of KINDS or empty where the record has no rule."""

    init: tuple[Script, ...] = ()
    start: str = ""
    example: Script | None = None
    rule: Mapping[str, Any] | None = None
    cwd: str = HOME
    home: str = HOME

    @property
    def kind(self) -> str:
        return str(self.rule["kind"]) if self.rule else ""

    @property
    def scripts(self) -> tuple[str, ...]:
        """The code of everything that is run for it."""
        steps = (self.rule or {}).get("steps") or ()
        checks = [str(step.get("code") or "") for step in steps if not step.get("file")]
        example = [self.example.code] if self.example else []
        return (*(script.code for script in self.init), self.start, *example, *checks)


def parse(data: Mapping[str, Any]) -> OsTask:
    """The task in a record's data. Raises Broken with the field's name."""
    init = data.get("init") or []
    if not isinstance(init, list):
        raise Broken("init", "must be a list of scripts")
    start = data.get("start")
    example = data.get("example")
    return OsTask(
        tuple(_script(one, f"init[{at}]") for at, one in enumerate(init)),
        _script(start, "start").code if start else "",
        _script(example, "example") if example else None,
        _rule(data.get("evaluation"), example),
        _folder(data, "cwd"),
        _folder(data, "home"),
    )


def _script(value: object, field: str) -> Script:
    if not isinstance(value, Mapping) or not isinstance(value.get("code"), str):
        raise Broken(field, "must be a script: an object with a text 'code'")
    lang = value.get("lang", "bash")
    if lang not in LANGUAGES:
        raise Broken(f"{field}.lang", f"must be one of {', '.join(LANGUAGES)}, not {lang!r}")
    return Script(value["code"], lang)


def _rule(value: object, example: object) -> Mapping[str, Any] | None:
    if value is None:
        return None
    if not isinstance(value, Mapping) or value.get("kind") not in KINDS:
        raise Broken("evaluation.kind", f"must be one of {', '.join(KINDS)}")
    if value["kind"] == "match":
        match = value.get("match")
        if not isinstance(match, Mapping) or not {"answer", "regex"} & set(match):
            raise Broken("evaluation.match", "must have an 'answer' or a 'regex'")
    if value["kind"] == "check":
        _check_steps(value.get("steps"), has_truth=bool(example) or "expected" in value)
    return value


def _check_steps(steps: object, *, has_truth: bool) -> None:
    if not isinstance(steps, list) or not steps:
        raise Broken("evaluation.steps", "must be a list with a step")
    for at, step in enumerate(steps):
        field = f"evaluation.steps[{at}]"
        use = step.get("use") if isinstance(step, Mapping) else None
        if use == "script":
            _script(step, field)
        elif use != "example":
            raise Broken(f"{field}.use", "must be 'example' or 'script'")
        elif not has_truth:
            raise Broken("example", f"is missing, and {field} uses it")


def _folder(data: Mapping[str, Any], field: str) -> str:
    value = data.get(field) or HOME
    if not isinstance(value, str) or not value.startswith("/"):
        raise Broken(field, "must be an absolute path")
    return value
