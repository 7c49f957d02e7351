"""Who builds images for the sandboxes of each kind, and runs commands in them."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pytest_smallbench.contracts import Sandbox, SandboxLimits, SandboxSetup, Say
from pytest_smallbench.errors import SandboxError, SandboxUnavailable
from pytest_smallbench.sandboxes import modal
from pytest_smallbench.sandboxes.docker import engine
from pytest_smallbench.sandboxes.docker.images import Image, Recipe, build, run_once
from pytest_smallbench.sandboxes.docker.labels import labels

from .images.interpreters import IMPORT_TIMEOUT_S

if TYPE_CHECKING:
    from docker import APIClient

PREFIX = Path("/opt/grading")  # where the Dockerfile lays the environment
PYTHON = f"{PREFIX}/bin/python"


class Builder(Protocol):
    """Builds images, and runs single commands in one of them, without a network."""

    def build(self, recipe: Recipe, say: Say, on_failure: str) -> Image:
        """The image of that recipe. Raises SandboxUnavailable, with ``on_failure`` as advice."""

    def run(self, image: Image, command: list[str]) -> tuple[str, int]:
        """What it wrote to standard output, and its exit status."""

    def close(self) -> None: ...


class DockerBuilder:
    """The user's Docker engine."""

    def __init__(self, client: APIClient) -> None:
        self._client, self._marks = client, labels(uuid.uuid4().hex[:12])

    def build(self, recipe: Recipe, say: Say, on_failure: str) -> Image:
        return build(self._client, recipe, say, on_failure=on_failure)

    def run(self, image: Image, command: list[str]) -> tuple[str, int]:
        return run_once(self._client, image.digest, command, self._marks)

    def close(self) -> None:
        self._client.close()


class ModalBuilder:
    """The user's account at Modal. One sandbox, of the image first asked of, runs them all."""

    def __init__(self) -> None:
        self._back = modal.ModalSandboxes()
        self._sandbox: Sandbox | None = None

    def build(self, recipe: Recipe, say: Say, on_failure: str) -> Image:
        say(f"Modal builds the image {recipe.tag}, if it does not have it")
        try:
            image = modal.build(recipe)
        except SandboxError as error:
            raise SandboxUnavailable(f"{error}; {on_failure}") from error
        say(f"image {recipe.tag} is ready: {image.digest}")
        return image

    def run(self, image: Image, command: list[str]) -> tuple[str, int]:
        if self._sandbox is None:
            address = self._back.start(SandboxSetup(python=PYTHON, image=image.digest))
            self._sandbox = self._back.open(address, SandboxLimits())
        done = self._sandbox.run(command, timeout=IMPORT_TIMEOUT_S)
        return done.text, done.exit_code

    def close(self) -> None:
        if self._sandbox is not None:
            self._sandbox.close()
        self._back.stop()


@contextlib.contextmanager
def builder(sandbox: str) -> Iterator[Builder]:
    """The one that the sandboxes of that kind get their images from."""
    made = ModalBuilder() if sandbox == "modal" else DockerBuilder(engine.connect())
    try:
        yield made
    finally:
        made.close()
