"""The grading environment as an image: built once for a lock and a base, then found again.

What it holds is the same as on the host (``grading_environment.py``): the lock's packages and
NLTK's corpora. It is looked at once after the build: which Python it has, which libraries can
be imported, and which modules can be held so.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from pytest_smallbench.contracts import Say
from pytest_smallbench.errors import SandboxError, UsageMistake
from pytest_smallbench.sandboxes.docker.images import Image, Recipe
from pytest_smallbench.settings import Settings

from .builders import PREFIX, PYTHON, Builder, builder
from .grading_environment import GradingPython, digest_of, write_note
from .images import FOLDER, PRELOAD, Lock, corpora, find_lock
from .images.interpreters import PROBE, safe_to_hold, try_imports
from .program import RUN_ENVIRONMENT

BASES = {"reference": "python:3.10-slim", "current": "python:3.12-slim"}
DEFAULT_BASE = "python:3.12-slim"
# Where packages come from is the user's affair, and no part of what is built.
FROM_HOST = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_TRUSTED_HOST", "PIP_DEFAULT_TIMEOUT")
PROXIES = ("http_proxy", "https_proxy", "no_proxy")


class GradingImage:
    """One image of a lock and a base."""

    def __init__(self, builder: Builder, lock: Lock, base: str, cache: Path, say: Say) -> None:
        self._builder, self._lock, self._base = builder, lock, base
        self._notes, self._say = cache / "environments", say

    @classmethod
    def ensure(cls, name: str, settings: Settings, cache: Path, say: Say) -> GradingPython:
        """The image of that lock, built now if the engine does not have it. Raises UsageMistake."""
        if settings.python or settings.base_python:
            option = "--smallbench-python" if settings.python else "--smallbench-base-python"
            raise UsageMistake(
                f"{option}: the {settings.sandbox} sandbox grades in an image; name its base with "
                "--smallbench-base-image=IMAGE"
            )
        base = settings.base_image or BASES.get(name, DEFAULT_BASE)
        try:
            with builder(settings.sandbox) as images:
                return cls(images, find_lock(name), base, cache, say).ready()
        except SandboxError as error:
            raise UsageMistake(f"--smallbench-sandbox={settings.sandbox}: {error}") from None

    def ready(self) -> GradingPython:
        image = self._builder.build(self.recipe(), self._say, self._advice())
        note = self._notes / f"image-{image.digest.rpartition(':')[2][:20]}.json"
        if not note.is_file():
            write_note(note, asdict(self._looked_at(image)))
        stored = json.loads(note.read_text())
        return GradingPython(
            **stored | {"preload": tuple(stored["preload"]), "broken": tuple(stored["broken"])}
        )

    def recipe(self) -> Recipe:
        fetched = " ".join(corpora.CORPORA) if "nltk" in self._lock.modules() else ""
        return Recipe(
            name=f"smallbench-grading-{self._lock.name}",
            files={
                "Dockerfile": (FOLDER / "Dockerfile").read_bytes(),
                "lock.txt": self._lock.path.read_bytes(),
                "fetch_corpora.py": corpora.SCRIPT.encode(),
            },
            args={
                "BASE": self._base,
                "PYTHONS": " ".join(self._lock.pythons),
                "CORPORA": fetched,
            },
            secret_args=sources(os.environ),
        )

    def _advice(self) -> str:
        wanted = " or ".join(self._lock.pythons) or "3.10 or newer"
        return (
            f"where the base {self._base} cannot be had, name another that has Python {wanted} "
            "with --smallbench-base-image=IMAGE"
        )

    def _looked_at(self, image: Image) -> GradingPython:
        """Ask the interpreter in there. Raises UsageMistake where it is of no use."""
        modules = self._lock.modules()
        self._say(f"checking that {len(modules)} libraries can be imported in {image.tag}")
        facts = json.loads(self._asked(image, ["facts"])[0])
        version, platform = facts["version"], facts["platform"]

        def probe(wanted: list[str]) -> tuple[str, str]:
            output, status = self._asked(image, ["import", *wanted])
            return output, f"ended the interpreter (exit status {status})"

        broken = [f"{one.module}: {one.cause}" for one in try_imports(probe, modules) if one.cause]
        if modules and len(broken) > len(modules) // 2:
            raise UsageMistake(
                f"the grading image {image.tag} does not work: {len(broken)} of {len(modules)} "
                f"libraries cannot be imported, first {broken[0]}"
            )
        python = f"{facts['implementation']}{version}-{platform}{self._corpora(image)}"
        mark = f"+image-{image.digest.rpartition(':')[2][:12]}"
        return GradingPython(
            python=PYTHON,
            fingerprint=f"{self._lock.name}-{digest_of(self._lock.requirements())}-{python}{mark}",
            lock=self._lock.name,
            python_version=version,
            preload=safe_to_hold(probe, PRELOAD),
            broken=tuple(broken),
            image=image.tag,
        )

    def _corpora(self, image: Image) -> str:
        """What the corpora in there add to the fingerprint."""
        listing = ["/bin/sh", "-c", f"ls -d {corpora.folder_in(PREFIX)}/*/* 2>/dev/null; true"]
        output, _ = self._builder.run(image, listing)
        there = {path.rpartition("/")[2].removesuffix(".zip") for path in output.split()}
        return corpora.mark_of([name for name in corpora.CORPORA if name in there])

    def _asked(self, image: Image, words: list[str]) -> tuple[str, int]:
        variables = [f"{name}={value}" for name, value in RUN_ENVIRONMENT.items()]
        asking = [PYTHON, "-E", "-s", "-c", PROBE.read_text(), *words]
        return self._builder.run(image, ["/usr/bin/env", *variables, *asking])


def sources(environ: Mapping[str, str]) -> dict[str, str]:
    """Where this host gets its packages, as far as that can be reached from a build: pip's
    variables and configuration, and the proxies."""
    found = {name: environ[name] for name in FROM_HOST if environ.get(name)}
    for name in PROXIES:
        if value := environ.get(name) or environ.get(name.upper()):
            found[name] = value
    for name, value in _pip_configuration().items():
        found.setdefault(name, value)
    return {name: value for name, value in found.items() if "file:" not in value}


def _pip_configuration() -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"],
        capture_output=True,
        text=True,
        check=False,
    )
    found = {}
    for line in done.stdout.splitlines():  # global.index-url='https://...'
        key, _, value = line.partition("=")
        name = "PIP_" + key.rpartition(".")[2].upper().replace("-", "_")
        if name in FROM_HOST:
            found[name] = value.strip("'\"")
    return found
