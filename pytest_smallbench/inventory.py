"""--smallbench-list, --smallbench-doctor and --smallbench-clean: what is there, what is missing,
what mends it, and what killed runs have left."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

import pytest

from pytest_smallbench.cache import cache_folder
from pytest_smallbench.contracts import Check, OnAnEngine
from pytest_smallbench.errors import SandboxError
from pytest_smallbench.registry import Registry
from pytest_smallbench.session import build_registry
from pytest_smallbench.settings import Settings


def main(config: pytest.Config, settings: Settings) -> int:
    """Print what was asked for; 1 where the doctor found something missing."""
    registry = build_registry(config)
    if settings.list:
        print("\n".join(listing(registry)))
        return 0
    if settings.clean:
        print("\n".join(cleaned(registry)))
        return 0
    checks = list(examine(registry, settings))
    print("\n".join(report_lines(checks)))
    return 0 if all(check.well for check in checks) else 1


def listing(registry: Registry) -> Iterable[str]:
    for kind, option in (
        ("benchmark", "--smallbench"),
        ("agent", "--smallbench-agent"),
        ("sandbox", "--smallbench-sandbox"),
    ):
        yield f"{option}="
        for name in registry.names(kind):
            about = _title(registry, name) if kind == "benchmark" else ""
            origin = registry.origin(kind, name)
            yield f"  {name:<12} {about + ' ' if about else ''}({origin})"


def cleaned(registry: Registry) -> Iterable[str]:
    """Clean every engine that can be reached; what was removed, a line each."""
    for name in registry.names("sandbox"):
        back = registry.get_sandbox(name)
        if not isinstance(back, OnAnEngine):
            continue
        try:
            lines = back.clean()
        except SandboxError as error:
            lines = [str(error)]
        yield from (f"{name}: {line}" for line in lines or ["nothing is left of any run"])


def _title(registry: Registry, name: str) -> str:
    try:
        return registry.get_benchmark(name).title
    except Exception as error:  # of whoever wrote it: one broken package must not hide the others
        return f"cannot be loaded: {_said(error)}"


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:160]}"


def examine(registry: Registry, settings: Settings) -> Iterable[Check]:
    """Every check of the core's and of the asked benchmarks', or of all."""
    yield _cores()
    for name in registry.names("sandbox"):
        yield _sandbox(registry, name, settings)
    yield _model(settings)
    yield _cache()
    for name in settings.benchmarks or registry.names("benchmark"):
        yield from _of_benchmark(registry, name, settings)


def report_lines(checks: Iterable[Check]) -> Iterable[str]:
    for check in checks:
        yield f"{'ok     ' if check.well else 'missing'} {check.what}: {check.found}"
        if check.mend and not check.well:
            yield f"        mend: {check.mend}"


def _sandbox(registry: Registry, name: str, settings: Settings) -> Check:
    """One that is not asked for may well be missing."""
    try:
        back = registry.get_sandbox(name)
        reason = back.unavailable()
        works = back.found() if not reason and isinstance(back, OnAnEngine) else "works here"
    except Exception as error:
        return _broken(registry, "sandbox", name, error)
    if reason and name != settings.sandbox:
        return Check(f"sandbox {name}", True, f"not asked for, and not to be had: {reason}")
    return Check(f"sandbox {name}", not reason, reason or works)


def _of_benchmark(registry: Registry, name: str, settings: Settings) -> Sequence[Check]:
    if name not in registry.names("benchmark"):
        registry.get_benchmark(name)  # a wrong name, which raises UsageMistake
    try:
        return list(registry.get_benchmark(name).doctor(settings, cache_folder()))
    except Exception as error:
        return [_broken(registry, "benchmark", name, error)]


def _broken(registry: Registry, kind: str, name: str, error: Exception) -> Check:
    origin = registry.origin(kind, name)
    by_name = " " not in origin  # else a conftest or plugin brought it
    mend = f"pip install --upgrade {origin}, or pip uninstall {origin}" if by_name else ""
    return Check(f"{kind} {name}", False, f"cannot be loaded: {_said(error)}", mend)


def _cores() -> Check:
    return Check("cores", True, f"{len(os.sched_getaffinity(0))} usable")


def _model(settings: Settings) -> Check:
    from pytest_smallbench.models.openai_chat import OpenAIChat

    model = OpenAIChat(settings.model, base_url=settings.base_url)
    problem = model.unavailable()
    return Check(
        f"model {settings.model}",
        not problem,
        problem or f"would be asked at {model.address}",
        "export OPENAI_API_KEY=...",
    )


def _cache() -> Check:
    folder = cache_folder()
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    writable = os.access(existing, os.W_OK)
    return Check(
        "cache folder",
        writable,
        f"{folder}{'' if writable else ' cannot be written'}",
        "export SMALLBENCH_CACHE=FOLDER",
    )
