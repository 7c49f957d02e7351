"""A task's images: built from its Dockerfile, or pulled; once, however many attempts use them."""

from __future__ import annotations

import hashlib
import re
import tarfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from pytest_smallbench.contracts import Say
from pytest_smallbench.errors import SandboxUnavailable
from pytest_smallbench.sandboxes.docker.images import Recipe, build, pull

from .task import Place

if TYPE_CHECKING:
    from docker import APIClient


def image_of(client: APIClient, place: Place, task: str, say: Say) -> str:
    """The image's id. Raises SandboxUnavailable, naming the Dockerfile and its step."""
    if place.dockerfile is None:
        return pull(client, place.image, say).digest
    dockerfile = str(place.dockerfile.relative_to(place.context))
    recipe = FolderRecipe(_tag(task), {}, dockerfile, folder=place.context)
    try:
        return build(client, recipe, say, timeout=place.build_timeout_s).digest
    except SandboxUnavailable as failed:
        raise SandboxUnavailable(f"{place.dockerfile}: {failed}") from failed


@dataclass(frozen=True)
class FolderRecipe(Recipe):
    """A folder as ``docker build`` takes it: modes and links are kept, .dockerignore holds."""

    folder: Path = Path()

    def packed(self) -> IO[bytes]:
        from docker.utils.build import tar

        return cast("IO[bytes]", tar(self.folder, exclude=self._ignored(), gzip=True))

    @cached_property
    def _mark(self) -> str:
        """What the archive holds, without the times at which the files were written."""
        mark = hashlib.sha256(self.dockerfile.encode())
        with self.packed() as packed, tarfile.open(fileobj=packed, mode="r:gz") as archive:
            for entry in archive:
                about = (entry.name, entry.type, entry.mode, entry.linkname, entry.size)
                mark.update(repr(about).encode())
                content = archive.extractfile(entry) if entry.isreg() else None
                while content is not None and (chunk := content.read(1 << 20)):
                    mark.update(chunk)
        return mark.hexdigest()[:12]

    @property
    def tag(self) -> str:
        return f"{self.name}:{self._mark}"

    def _ignored(self) -> list[str]:
        file = self.folder / ".dockerignore"
        text = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
        patterns = [line.strip() for line in text.splitlines()]
        # The Dockerfile goes along in any case.
        return [p for p in patterns if p and not p.startswith("#")] + [f"!{self.dockerfile}"]


def _tag(task: str) -> str:
    """A name that an image may have, and that tells a reader whose it is."""
    plain = re.sub(r"[^a-z0-9]+", "-", Path(task).name.lower()).strip("-")
    return f"smallbench-harbor/{plain[:60] or 'task'}"
