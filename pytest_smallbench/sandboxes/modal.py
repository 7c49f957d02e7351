"""The modal back: images and sandboxes in the user's own account, through the ``modal`` package.

A guest serves each sandbox as it does a container (guest/main.py). Trouble that passes is waited
for by the package, with growing pauses and under one key: nothing is made twice.
"""

from __future__ import annotations

import contextlib
import functools
import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from pytest_smallbench.contracts import SandboxLimits, SandboxSetup
from pytest_smallbench.errors import SandboxError, SandboxUnavailable

from .docker.images import Image, Recipe
from .docker.labels import RUN, labels, state_of
from .guest import sending
from .wired import WiredSandbox

MISSING = "the package modal is not installed: pip install 'pytest-smallbench[modal]'"
NO_ACCOUNT = "no such account: run `modal token new`, or set MODAL_TOKEN_ID and MODAL_TOKEN_SECRET"
LIFETIME = 4 * 3600  # seconds after which Modal ends a sandbox that nobody else has ended
_PIECE = 1 << 20  # bytes that are sent at a time


class ModalSandboxes:
    """contracts.SandboxBack, and OnAnEngine."""

    name = "modal"
    default_image = "python:3.12-slim"
    _run = ""  # while none is started

    def unavailable(self) -> str:
        try:
            app()
        except SandboxError as reason:
            return str(reason)
        return ""

    def found(self) -> str:
        with asking("its version") as modal:
            return f"Modal answers, package modal {modal.__version__}"

    def clean(self) -> list[str]:
        return _end_those(lambda tags: state_of(tags) == "dead")

    def start(self, setup: SandboxSetup) -> str:
        """End what dead runs have left, and open one sandbox to see that it can be done."""
        self.stop()
        try:
            self.clean()
            self._run = uuid.uuid4().hex[:12]
            address = json.dumps({"setup": asdict(setup), "tags": labels(self._run)})
            self.open(address, SandboxLimits()).close()
        except SandboxError as error:
            self.stop()
            raise SandboxUnavailable(str(error)) from error
        return address

    def open(self, address: str, limits: SandboxLimits) -> ModalSandbox:
        return ModalSandbox(address, limits)

    def stop(self) -> None:
        run, self._run = self._run, ""
        if run:
            with contextlib.suppress(SandboxError):
                _end_those(lambda tags: tags.get(RUN) == run)


class ModalSandbox(WiredSandbox):
    """contracts.Sandbox over one sandbox of Modal's."""

    def __init__(self, address: str, limits: SandboxLimits) -> None:
        sending.check(limits, "modal")
        self._address, self._limits = address, limits
        told = json.loads(address)
        setup = SandboxSetup(**told["setup"])
        sandbox = _created(setup.image, limits.memory + sending.MEMORY, told["tags"])
        self._id = sandbox.object_id
        try:
            super().__init__(_Streams(sandbox, setup, limits))
        except BaseException:
            _end(sandbox)
            raise

    def another(self) -> ModalSandbox:
        return ModalSandbox(self._address, self._limits)

    def gone(self) -> str:
        why = f"it was ended, was out of memory, or has lived for {LIFETIME} s"
        return f"the sandbox {self._id} is gone: {why}; run the task again"


class _Streams:
    """A wired.Wire to the guest of a sandbox, which ends with the wire."""

    def __init__(self, sandbox: Any, setup: SandboxSetup, limits: SandboxLimits) -> None:
        command = [setup.python, "-I", "-c", sending.BARE_START]
        with asking("starting the guest"):
            self._process = sandbox.exec(*command, workdir="/", text=False)
            self._sandbox, self._output, self._rest = sandbox, iter(self._process.stdout), b""
            sending.greet(self, setup, limits, lambda: self._process.stderr.read())

    def fileno(self) -> int:
        raise OSError("Modal's streams have no descriptor")

    def recv_into(self, buffer: memoryview, /) -> int:
        with asking("on the wire", ConnectionError):
            self._rest = self._rest or next(filter(None, self._output), b"")
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        return count

    def sendall(self, data: bytes | memoryview, /) -> None:
        with asking("on the wire", ConnectionError):
            for start in range(0, len(data), _PIECE):
                self._process.stdin.write(bytes(data[start : start + _PIECE]))
                self._process.stdin.drain()

    def hang_up(self) -> None:
        with asking("on the wire", ConnectionError):
            self._process.stdin.write_eof()
            self._process.stdin.drain()

    def close(self) -> None:
        _end(self._sandbox)


def build(recipe: Recipe) -> Image:
    """The image of that recipe, built unless Modal has it, with packages from where Modal is."""
    with recipe.laid() as folder, asking(f"building the image {recipe.name}") as modal:
        file, args = folder / recipe.dockerfile, dict(recipe.args)
        image = modal.Image.from_dockerfile(file, context_dir=folder, build_args=args, ignore=[])
        id = image.dockerfile_commands("USER root").build(app()).object_id  # our guest is root
    return Image(id, id)


def _created(image: str, memory: int, tags: Mapping[str, str]) -> Any:
    """One that does nothing yet: without a network, with at most ``memory`` bytes."""
    with asking("creating a sandbox") as modal:
        known = image.startswith("im-")  # or a registry has it
        return modal.Sandbox.create(
            *("sleep", str(LIFETIME)),
            app=app(),
            image=modal.Image.from_id(image) if known else modal.Image.from_registry(image),
            block_network=True,
            cpu=(1.0, 2.0),
            memory=(min(1024, memory >> 20), memory >> 20),
            timeout=LIFETIME,
            tags=dict(tags),
        )


def _end(sandbox: Any) -> None:
    """End it, now; what is gone already is well, and Modal ends the rest in time."""
    with contextlib.suppress(SandboxError), asking("ending a sandbox"):
        sandbox.terminate()
    sandbox.detach()


def _end_those(wanted: Callable[[Mapping[str, str]], bool]) -> list[str]:
    """End the sandboxes of ours whose tags are wanted: a line for each."""
    lines = []
    with asking("looking for sandboxes") as modal:
        found = list(modal.Sandbox.list(app_id=app().app_id))
    for sandbox in found:
        with contextlib.suppress(SandboxError), asking("its tags"):  # it may have ended meanwhile
            tags = sandbox.get_tags()
            if wanted(tags):
                _end(sandbox)
                lines.append(f"ended sandbox {sandbox.object_id} of run {tags.get(RUN, '')}")
    return lines


@functools.cache
def app() -> Any:
    """The app that all sandboxes of ours belong to."""
    with asking("looking for the app") as modal:
        return modal.App.lookup("pytest-smallbench", create_if_missing=True)


@contextlib.contextmanager
def asking(doing: str, refused: type[Exception] = SandboxError) -> Iterator[Any]:
    """The package modal; whatever it or the service refuses is an error of one line."""
    try:
        import modal
        from modal.exception import AuthError, Error
    except ImportError:
        raise SandboxUnavailable(MISSING) from None
    try:
        yield modal
    except (Error, OSError) as error:
        said = NO_ACCOUNT if isinstance(error, AuthError) else " ".join(str(error).split())
        raise refused(f"Modal, {doing}: {said or type(error).__name__}") from error
