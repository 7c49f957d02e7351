"""Images that Modal builds, from the Dockerfiles that an engine here would build."""

from __future__ import annotations

import tempfile
import uuid
from pathlib import Path

from pytest_smallbench.contracts import Say
from pytest_smallbench.errors import SandboxError, SandboxUnavailable

from ..docker.images import Image, Recipe
from ..docker.labels import labels
from . import service

_MEMORY = 4 << 30


class ModalBuilder:
    """Builds images, and runs one command in a sandbox of one."""

    def __init__(self) -> None:
        if reason := service.unavailable():
            raise SandboxUnavailable(reason)
        self._app, self._tags = service.app(), labels(uuid.uuid4().hex[:12])

    def build(self, recipe: Recipe, say: Say, on_failure: str) -> Image:
        """The image of that recipe, which Modal builds if it does not have it. Packages come
        from where Modal gets them, not from where this machine does."""
        import modal

        say(f"Modal builds the image {recipe.tag}, if it does not have it")
        with tempfile.TemporaryDirectory() as folder:
            dockerfile = _written(recipe, Path(folder))
            made = modal.Image.from_dockerfile(
                dockerfile, context_dir=folder, build_args=dict(recipe.args), ignore=[]
            )
            try:
                with service.failing_as(f"building the image {recipe.name}"):
                    id = service.patiently(lambda: made.build(self._app)).object_id
            except SandboxUnavailable:
                raise
            except SandboxError as error:
                raise SandboxUnavailable(f"{error}; {on_failure}") from error
        say(f"image {recipe.tag} is ready: {id}")
        return Image(id, id)

    def run(self, image: Image, command: list[str]) -> tuple[str, int]:
        """What it wrote to standard output, and its exit status."""
        sandbox = service.create(self._app, image.digest, _MEMORY, self._tags)
        try:
            with service.failing_as(f"running a command in {image.tag}"):
                process = sandbox.exec(*command, workdir="/tmp", text=False)
                return process.stdout.read().decode("utf-8", "replace"), process.wait()
        finally:
            service.end(sandbox)


def _written(recipe: Recipe, folder: Path) -> Path:
    """The Dockerfile, with all that it copies beside it."""
    for path, content in recipe.files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    dockerfile = folder / recipe.dockerfile
    # The guest is root in there; that code is not is the guest's affair.
    dockerfile.write_bytes(dockerfile.read_bytes() + b"\nUSER root\n")
    return dockerfile
