"""Reads a folder in Harbor's form: task.toml, instruction.md, environment/, tests/, solution/."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pytest_smallbench.errors import UsageMistake

from .compose import Compose, read_compose
from .fields import Fields
from .folders import read_text, without_canary
from .task import Artifact, Collect, FolderTask, Healthcheck, Network, Place, Verifier

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]

NETWORKS: tuple[Network, ...] = ("public", "no-network", "allowlist")
COMPOSE = ("docker-compose.yaml", "docker-compose.yml", "compose.yaml", "compose.yml")


def read(file: Path) -> FolderTask:
    folder, top = file.parent, Fields(file, _parsed(file))
    environment, agent = top.table("environment"), top.table("agent")
    metadata = top.table("metadata")
    if "steps" in top:
        # Where each step has an instruction of its own the folder needs none.
        instruction = ""
    else:
        instruction = without_canary(read_text(folder / "instruction.md"))
        if not instruction.strip():
            raise UsageMistake(f"{folder / 'instruction.md'}: is empty; say what is to be done")
    return FolderTask(
        folder=folder,
        form="harbor",
        instruction=instruction,
        place=_place(environment, folder / "environment"),
        verifier=_verifier(top, folder),
        tests=((folder / "tests", "/tests"),),
        solution=((folder / "solution", "/solution"),),
        solve="/solution/solve.sh" if (folder / "solution" / "solve.sh").is_file() else "",
        solution_env=top.table("solution").mapping("env"),
        agent_timeout_s=agent.number("timeout_sec") or None,
        agent_user=agent.user("user"),
        agent_network=agent.choice("network_mode", NETWORKS, None),
        artifacts=tuple(_artifacts(top)),
        category=_word(metadata, "category") or _word(metadata, "difficulty"),
        tags=_tags(metadata),
        skills=environment.text("skills_dir"),
        unmet=tuple(_unmet(top, folder)),
    )


def _parsed(file: Path) -> dict[str, Any]:
    try:
        return dict(tomllib.loads(read_text(file)))
    except tomllib.TOMLDecodeError as error:
        raise UsageMistake(f"{file}: is not valid TOML: {error}") from None


def _place(fields: Fields, context: Path) -> Place:
    compose, image = _compose(context), fields.text("docker_image")
    if not image and not compose.dockerfile.is_file() and not compose.unmet:
        raise fields.wrong(
            "docker_image",
            f"is not given, and there is no {compose.dockerfile}; give one of the two",
        )
    return Place(
        context=compose.context,
        dockerfile=None if image else compose.dockerfile,
        image=image,
        build_timeout_s=fields.seconds("build_timeout_sec", 600.0),
        network=_network(fields, compose.offline),
        cpus=fields.number("cpus") or None,
        memory_mb=_memory(fields),
        env={**compose.env, **fields.mapping("env")},
        workdir=fields.text("workdir") or compose.workdir,
        healthcheck=_healthcheck(fields.table("healthcheck")) if "healthcheck" in fields else None,
    )


def _network(fields: Fields, offline: bool) -> Network:
    denied = fields.flag("allow_internet") is False  # the older name
    default: Network = "no-network" if denied or offline else "public"
    return fields.choice("network_mode", NETWORKS, default) or default


def _memory(fields: Fields) -> int | None:
    """MiB; the older key ``memory`` holds a text such as ``2G``."""
    if "memory_mb" in fields or "memory" not in fields:
        return fields.count("memory_mb") or None
    text = fields.text("memory").strip().upper()
    units = {"G": 1024.0, "M": 1.0, "K": 1 / 1024}
    try:
        return int(float(text[:-1]) * units[text[-1:]])
    except (KeyError, ValueError, OverflowError):
        raise fields.wrong("memory", f"{text!r} is no size such as 2G or 512M") from None


def _healthcheck(fields: Fields) -> Healthcheck:
    usual = Healthcheck("")
    retries = fields.count("retries")
    return Healthcheck(
        command=fields.needed("command"),
        interval_s=fields.seconds("interval_sec", usual.interval_s),
        timeout_s=fields.seconds("timeout_sec", usual.timeout_s),
        start_period_s=fields.number("start_period_sec") or 0.0,
        start_interval_s=fields.seconds("start_interval_sec", usual.start_interval_s),
        retries=usual.retries if retries is None else max(retries, 1),
    )


def _verifier(top: Fields, folder: Path) -> Verifier:
    fields, tests = top.table("verifier"), folder / "tests"
    own = _separate(fields)
    place = _verifier_place(top, fields, folder) if own else None
    bundled = own and _holds_tests(fields.table("environment"), tests)
    if not bundled and "steps" not in top and not (tests / "test.sh").is_file():
        raise UsageMistake(f"{tests / 'test.sh'}: is not there; it is what grades the task")
    return Verifier(
        timeout_s=fields.seconds("timeout_sec", 600.0),
        user=fields.user("user"),
        env=fields.mapping("env"),
        network=fields.choice("network_mode", NETWORKS, None),
        place=place,
        bundled=bundled,
        collect=tuple(_collect(each) for each in fields.tables("collect")),
    )


def _separate(fields: Fields) -> bool:
    """A verifier of its own where it says so, or describes its container."""
    modes = ("shared", "separate")
    mode = fields.choice("environment_mode", modes, None)
    if mode == "shared" and "environment" in fields:
        raise fields.wrong("environment_mode", "'shared' goes with no [verifier.environment]")
    return mode == "separate" or "environment" in fields


def _verifier_place(top: Fields, fields: Fields, folder: Path) -> Place:
    """The verifier's own container: an image of its own, else tests/Dockerfile, else another
    container of the agent's image, into which the tests are copied."""
    tests, environment = folder / "tests", fields.table("environment")
    described = environment if "environment" in fields else top.table("environment")
    if _holds_tests(environment, tests):
        values = dict(described.values)
        if "docker_image" not in environment:
            values.pop("docker_image", None)
        return _place(Fields(described.file, values, described.where), tests)
    values = {**described.values, "docker_image": top.table("environment").text("docker_image")}
    return _place(Fields(described.file, values, described.where), folder / "environment")


def _holds_tests(environment: Fields, tests: Path) -> bool:
    """Whether the verifier's image is one of its own, which then has the tests in it."""
    return "docker_image" in environment or (tests / "Dockerfile").is_file()


def _collect(fields: Fields) -> Collect:
    command, timeout = fields.needed("command"), fields.seconds("timeout_sec", 60.0)
    return Collect(command, timeout, fields.user("user"))


def _artifacts(top: Fields) -> Iterator[Artifact]:
    for at, value in enumerate(top.values.get("artifacts") or []):
        if isinstance(value, str):
            value = {"source": value}
        fields = Fields(top.file, value, f"artifacts[{at}]")
        source = fields.needed("source")
        if not source.startswith("/") or ".." in source.split("/"):
            raise fields.wrong("source", f"{source!r} is no absolute path without '..'")
        yield Artifact(source, fields.texts("exclude"))


def _word(metadata: Fields, key: str) -> str:
    """Metadata is free: what is no text is not used."""
    value = metadata.values.get(key)
    return value.strip() if isinstance(value, str) else ""


def _tags(metadata: Fields) -> tuple[str, ...]:
    found = metadata.values.get("tags")
    return tuple(tag for tag in found if isinstance(tag, str)) if isinstance(found, list) else ()


def _compose(context: Path) -> Compose:
    """The compose file's, or what stands for one: the Dockerfile alone."""
    file = next((context / name for name in COMPOSE if (context / name).is_file()), None)
    return Compose(context, context / "Dockerfile") if file is None else read_compose(file)


def _unmet(top: Fields, folder: Path) -> Iterator[str]:
    """What the task asks for that cannot be given, whatever the engine."""
    if "steps" in top:
        yield "it has several steps ([[steps]])"
    if (folder / "trajectory.json").is_file():
        yield "it goes on from another agent's trajectory (trajectory.json)"
    yield from _unmet_by_container(top.table("environment"))
    if "environment" in top.table("verifier"):
        yield from _unmet_by_container(top.table("verifier").table("environment"))
    for context in (folder / "environment", folder / "tests"):
        yield from _compose(context).unmet
    for each in (*top.table("verifier").tables("collect"), *_artifact_tables(top)):
        if each.text("service", "main") != "main":
            yield f"{each.where} is about another service than main"
    for name in ("tests", "solution"):
        if (folder / name / ".harborignore").is_file():
            yield f"{name}/.harborignore is not understood"


def _artifact_tables(top: Fields) -> Iterator[Fields]:
    for at, value in enumerate(top.values.get("artifacts") or []):
        if isinstance(value, dict):
            yield Fields(top.file, value, f"artifacts[{at}]")


def _unmet_by_container(fields: Fields) -> Iterator[str]:
    where = fields.where
    if fields.text("os", "linux").lower() != "linux":
        yield f"it needs {fields.text('os')} ({where}.os)"
    if fields.count("gpus"):
        yield f"it needs a GPU ({where}.gpus)"
    if "tpu" in fields:
        yield f"it needs a TPU ({where}.tpu)"
    if fields.values.get("mcp_servers"):
        yield f"it brings MCP servers ({where}.mcp_servers)"
