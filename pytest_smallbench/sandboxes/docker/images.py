"""Images: built from a folder with a Dockerfile, or pulled; found again by what went in."""

from __future__ import annotations

import contextlib
import hashlib
import io
import math
import re
import tarfile
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from pytest_smallbench.contracts import Say
from pytest_smallbench.errors import SandboxUnavailable

from .engine import failing_as, has_bridge

if TYPE_CHECKING:
    from docker import APIClient

_STEP = re.compile(r"Step (\d+)/(\d+) : (.*)", re.DOTALL)
_LONGEST = 900  # seconds that a command in an image may take
_LAST_WORDS = 8  # lines of output shown of a build that has failed


@dataclass(frozen=True)
class Image:
    """An image on the engine. ``digest`` (sha256:...) is that of its contents."""

    tag: str
    digest: str


@dataclass(frozen=True)
class Recipe:
    """What an image is built from: files by their path in the build's folder, one of them the
    Dockerfile, and build arguments.

    ``secret_args`` are arguments that say where packages come from, not what is built: they are
    no part of the tag. Use them only in a stage that the final one copies from, for an image
    keeps those of its own stage in its history.
    """

    name: str
    files: Mapping[str, bytes]
    dockerfile: str = "Dockerfile"
    args: Mapping[str, str] = field(default_factory=dict)
    secret_args: Mapping[str, str] = field(default_factory=dict)
    target: str = ""

    @classmethod
    def of_folder(cls, name: str, folder: Path, **more: Any) -> Recipe:
        """Everything below a folder; links are not followed."""
        paths = [p for p in sorted(folder.rglob("*")) if p.is_file() and not p.is_symlink()]
        return cls(name, {str(p.relative_to(folder)): p.read_bytes() for p in paths}, **more)

    @property
    def tag(self) -> str:
        """The name under which the image is kept: the same for the same files and arguments."""
        mark = hashlib.sha256()
        for part in (self.dockerfile, self.target, *map(str, sorted(self.args.items()))):
            mark.update(part.encode() + b"\0")
        for path in sorted(self.files):
            mark.update(path.encode() + b"\0" + hashlib.sha256(self.files[path]).digest())
        return f"{self.name}:{mark.hexdigest()[:12]}"

    def packed(self) -> IO[bytes]:
        """The build's folder as a gzipped archive, the same bytes for the same files."""
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as archive:
            for path, content in sorted(self.files.items()):
                entry = tarfile.TarInfo(path)
                entry.size, entry.mode = len(content), 0o755 if content[:2] == b"#!" else 0o644
                archive.addfile(entry, io.BytesIO(content))
        packed.seek(0)
        return packed

    @contextlib.contextmanager
    def laid(self) -> Iterator[Path]:
        """The build's folder on this machine, for as long as it is needed."""
        with tempfile.TemporaryDirectory() as folder:
            for path, content in self.files.items():
                target = Path(folder, path)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
            yield Path(folder)

    def without_secrets(self, text: str) -> str:
        """Text of the build's output: an address of packages may hold a password."""
        for name, value in self.secret_args.items():
            text = text.replace(value, f"${name}") if value else text
        return text


def find(client: APIClient, name: str) -> Image | None:
    """The image of that name, if the engine has it."""
    from docker.errors import ImageNotFound

    with failing_as(f"looking for the image {name}"):
        try:
            description: dict[str, Any] = client.inspect_image(name)  # type: ignore[no-untyped-call]
            return Image(name, str(description["Id"]))
        except ImageNotFound:
            return None


def build(
    client: APIClient,
    recipe: Recipe,
    say: Say,
    timeout: float | None = None,
    *,
    on_failure: str = "",
) -> Image:
    """The image of that recipe, built now if the engine does not have it.

    An interrupted build leaves nothing but finished layers, which the next one goes on from:
    the tag is given at its end. ``timeout`` holds for each step's silence and, between steps,
    for the whole. Raises SandboxUnavailable where it cannot be built; ``on_failure`` is what
    the message then advises.
    """
    if image := find(client, recipe.tag):
        return image
    say(f"building the image {recipe.tag}, once")
    with failing_as(f"building the image {recipe.tag}"):
        answer = client.build(
            fileobj=recipe.packed(),
            custom_context=True,
            encoding="gzip",
            timeout=None if timeout is None else math.ceil(timeout),
            dockerfile=recipe.dockerfile,
            tag=recipe.tag,
            buildargs={**recipe.args, **recipe.secret_args},
            target=recipe.target or None,
            network_mode=None if has_bridge(client) else "host",
            rm=True,
            forcerm=True,
            decode=True,
        )
        _follow(_within(answer, timeout, recipe.tag), recipe, say, on_failure)
    built = find(client, recipe.tag)
    if built is None:
        raise SandboxUnavailable(f"the image {recipe.tag} was built and is not there: try again")
    say(f"image {recipe.tag} is ready: {built.digest[:19]}")
    return built


def pull(client: APIClient, name: str, say: Say) -> Image:
    """The image of that name, fetched if the engine does not have it. Raises
    SandboxUnavailable where it cannot be had."""
    from docker.errors import APIError

    if image := find(client, name):
        return image
    say(f"pulling the image {name}")
    repository, _, tag = name.rpartition(":")
    if not repository or "/" in tag or "@" in name:
        repository, tag = name, "" if "@" in name else "latest"
    with failing_as(f"pulling the image {name}"):
        try:
            _fetch(client.pull(repository, tag=tag or None, stream=True, decode=True))
        except APIError as refused:
            raise SandboxUnavailable(
                f"the image {name} cannot be pulled: {refused.explanation}"
            ) from refused
    found = find(client, name)
    if found is None:
        raise SandboxUnavailable(f"the image {name} was pulled and is not there: try again")
    say(f"image {name} is ready: {found.digest[:19]}")
    return found


def run_once(
    client: APIClient, image: str, command: list[str], marks: Mapping[str, str]
) -> tuple[str, int]:
    """Run a command in a container of its own, without a network: its output, and its exit
    status. ``marks`` are the container's labels."""
    with failing_as(f"running {command[0]} in the image {image}"):
        container = client.create_container(
            image,
            command,
            labels=dict(marks),
            environment={"HOME": "/tmp"},
            host_config=client.create_host_config(network_mode="none", init=True),
        )
        try:
            client.start(container)
            status = int(client.wait(container, timeout=_LONGEST)["StatusCode"])
            output: bytes = client.logs(container, stdout=True, stderr=False)
        finally:
            client.remove_container(container, force=True)
    return output.decode("utf-8", "replace"), status


def _fetch(events: Iterator[dict[str, Any]]) -> None:
    from docker.errors import APIError

    for event in events:
        if "error" in event:
            raise APIError(event["error"], explanation=event["error"])


def _within(
    events: Iterator[dict[str, Any]], timeout: float | None, tag: str
) -> Iterator[dict[str, Any]]:
    """The events until their time is up; the engine ends a build that nobody listens to."""
    from requests import RequestException

    deadline = math.inf if timeout is None else time.monotonic() + timeout
    late = f"the image {tag} cannot be built within {timeout or 0:g} s"
    try:
        for event in events:
            if time.monotonic() > deadline:
                raise SandboxUnavailable(late)
            yield event
    except RequestException as error:
        if time.monotonic() > deadline:
            raise SandboxUnavailable(late) from error
        raise


def _follow(events: Iterator[dict[str, Any]], recipe: Recipe, say: Say, on_failure: str) -> None:
    """Say a line a step, and raise with the last of the output where a step fails."""
    words: list[str] = []
    doing = ""
    for event in events:
        text = recipe.without_secrets(str(event.get("stream", "")))
        words = [*words, *text.splitlines()][-_LAST_WORDS:]
        if step := _STEP.match(text):
            doing = f"step {step[1]} of {step[2]}: {' '.join(step[3].split())[:80]}"
            say(f"image {recipe.name}, {doing}")
        if "error" in event:
            output = " | ".join(word.strip() for word in words if word.strip())
            reason = recipe.without_secrets(str(event["error"])).strip()
            raise SandboxUnavailable(
                f"the image {recipe.tag} cannot be built: {doing or 'its start'}: {reason} "
                f"(its last output: {output[-600:]})" + (f"; {on_failure}" if on_failure else "")
            )
