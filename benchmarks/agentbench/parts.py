"""The parts of a kind, its world, generator and so on, imported when they are first used."""

from __future__ import annotations

import importlib
from typing import cast

from pytest_smallbench.errors import UsageMistake

from .worlds import Generator, Kind, Maker, Reader, Requirements


def maker(kind: Kind) -> Maker:
    return cast(Maker, _load(kind, kind.world))


def generator(kind: Kind) -> Generator:
    return cast(Generator, _load(kind, kind.generator))


def reader(kind: Kind) -> Reader:
    return cast(Reader, _load(kind, kind.reader))


def requirements(kind: Kind) -> Requirements | None:
    return cast(Requirements, _load(kind, kind.requirements)) if kind.requirements else None


def _load(kind: Kind, target: str) -> object:
    """``.module:attribute`` of this package. Raises UsageMistake for a missing requirement."""
    module, _, attribute = target.partition(":")
    try:
        return cast(object, getattr(importlib.import_module(module, __package__), attribute))
    except ModuleNotFoundError as missing:
        raise UsageMistake(
            f"agentbench: the environment {kind.key} needs the module {missing.name}, which is "
            "not installed; install pytest-smallbench with all that it requires"
        ) from None
