"""Reads a docker-compose.yaml as far as one container can stand for it.

Most task folders have one only to name the image and the log folders. What goes beyond that
is listed: such a task is skipped, with the list as the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .fields import Fields
from .yaml_file import parsed

MINE = ("main", "client")  # what the agent's service is called
KNOWN = (
    *("build", "image", "container_name", "command", "environment", "volumes", "working_dir"),
    "network_mode",
)
VARIABLE = "${"


@dataclass(frozen=True)
class Compose:
    """The agent's service. ``context`` is where its Dockerfile lies."""

    context: Path
    dockerfile: Path
    env: Mapping[str, str] = field(default_factory=dict)
    workdir: str = ""
    offline: bool = False
    unmet: tuple[str, ...] = ()


def read_compose(file: Path) -> Compose:
    services = Fields(file, parsed(file)).table("services")
    names = [name for name in MINE if name in services] or list(services.values)[:1]
    if not names:
        raise services.wrong("", "names no service; it needs one for the agent")
    service = services.table(names[0])
    context, dockerfile = _build(service)
    return Compose(
        context=context,
        dockerfile=dockerfile,
        env=_env(service),
        workdir=_plain(service.text("working_dir")),
        offline=service.text("network_mode") == "none",
        unmet=tuple(_unmet(services, service)),
    )


def _build(service: Fields) -> tuple[Path, Path]:
    folder, build = service.file.parent, service.values.get("build", {})
    fields = Fields(service.file, {"context": build} if isinstance(build, str) else build, "build")
    context = folder / _plain(fields.text("context", "."))
    dockerfile = context / _plain(fields.text("dockerfile", "Dockerfile"))
    for path in (context, dockerfile):
        if not path.resolve().is_relative_to(folder.resolve()):
            raise service.wrong("build", f"{path} lies outside the task's folder")
    return context, dockerfile


def _env(service: Fields) -> dict[str, str]:
    """Both of compose's forms; what compose would fill in from its own variables is left out."""
    given = service.values.get("environment") or {}
    pairs: Iterator[tuple[str, Any]]
    if isinstance(given, list):
        pairs = ((str(each).partition("=")[0], str(each).partition("=")[2]) for each in given)
    else:
        pairs = iter(service.table("environment").values.items())
    return {name: str(value) for name, value in pairs if VARIABLE not in str(value)}


def _plain(text: str) -> str:
    """Compose's own variables only ever stand for the usual values in task folders."""
    return "" if VARIABLE in text else text


def _unmet(services: Fields, service: Fields) -> Iterator[str]:
    file = services.file.name
    if len(services.values) > 1:
        yield f"it needs several containers ({file}: {', '.join(services.values)})"
        return
    for key in service.values:
        if key not in KNOWN:
            yield f"{file} sets {service.where}.{key}"
    if service.text("network_mode", "none") not in ("none", "bridge"):
        yield f"{file} sets {service.where}.network_mode to {service.text('network_mode')}"
    for volume in service.values.get("volumes") or []:
        if not str(volume).startswith(VARIABLE):
            yield f"{file} mounts {volume}"
