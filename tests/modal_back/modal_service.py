"""A stand-in for Modal's service: the calls that our back makes, over real gRPC.

The client is Modal's own package, unchanged. What is asked of the service is kept for tests to
look at; what it is told to refuse it refuses. Its sandboxes are machine.py's.
"""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import hashlib
import json
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from grpclib import GRPCError, Status
from grpclib.const import Cardinality, Handler
from grpclib.protocol import H2Protocol
from grpclib.server import Server, Stream
from modal._utils.grpc_utils import custom_detail_codec
from modal_proto import api_pb2, task_command_router_pb2
from modal_proto.api_grpc import ModalClientBase
from modal_proto.task_command_router_grpc import TaskCommandRouterBase

TOKEN = ("ak-known", "as-secret")
_DONE = api_pb2.GenericResult(status=api_pb2.GenericResult.GENERIC_STATUS_SUCCESS)
_ENDED = api_pb2.GenericResult(status=api_pb2.GenericResult.GENERIC_STATUS_TERMINATED)
_KEPT = 1 << 16  # bytes read at a time


@dataclasses.dataclass
class Kept:
    """A sandbox as the service knows it."""

    definition: api_pb2.Sandbox
    tags: list[api_pb2.SandboxTag]
    processes: list[Process] = dataclasses.field(default_factory=list)
    ended: bool = False


class Process:
    """A command in a sandbox; what it has said is kept, for a client may ask again."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.written = 0
        self._said: dict[int, bytearray] = {}
        self._over: set[int] = set()
        self._more = asyncio.Condition()
        self._tasks = [
            asyncio.ensure_future(self._listen(number, stream))
            for number, stream in ((0, process.stdout), (1, process.stderr))
            if stream
        ]

    async def _listen(self, number: int, stream: asyncio.StreamReader) -> None:
        said = self._said.setdefault(number, bytearray())
        while True:
            data = await stream.read(_KEPT)
            async with self._more:
                said.extend(data)
                self._more.notify_all()
                if not data:
                    self._over.add(number)
                    return

    async def heard(self, number: int, offset: int) -> AsyncIterator[bytes]:
        said = self._said.setdefault(number, bytearray())
        while True:
            async with self._more:
                while len(said) == offset and number not in self._over:
                    await self._more.wait()
            if len(said) == offset:
                return
            data = bytes(said[offset : offset + _KEPT])
            offset += len(data)
            yield data

    async def write(self, offset: int, data: bytes, eof: bool) -> None:
        """What was written before is not written again."""
        assert self.process.stdin is not None
        fresh = data[self.written - offset :]
        self.written += len(fresh)
        self.process.stdin.write(fresh)
        try:
            await self.process.stdin.drain()
        except ConnectionError as error:
            raise GRPCError(Status.FAILED_PRECONDITION, "the process has ended") from error
        if eof:
            self.process.stdin.close()

    def kill(self) -> None:
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)


class _Server(Server):
    """One that ends its connections: a client may keep its own open."""

    def _protocol_factory(self) -> H2Protocol:
        self._protocols.append(super()._protocol_factory())
        return self._protocols[-1]

    @functools.cached_property
    def _protocols(self) -> list[H2Protocol]:
        return []

    def hang_up(self) -> None:
        for protocol in self._protocols:
            protocol.processor.close("the service has ended")


class ModalService:
    """Serves in a thread of its own from ``start`` to ``stop``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.shown: dict[str, str] = {}  # see machine.py
        self.sandboxes: dict[str, Kept] = {}
        self.images: list[api_pb2.Image] = []
        self.files: list[bytes] = []
        self.calls: Counter[str] = Counter()
        self.refusals: dict[str, list[GRPCError | None]] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    @property
    def living(self) -> dict[str, Kept]:
        return {id: one for id, one in self.sandboxes.items() if not one.ended}

    def refuse(
        self,
        call: str,
        status: Status,
        times: int,
        why: str = "not now",
        *,
        details: Any = None,
        after: int = 0,
    ) -> None:
        """Refuse that call so often, when it has been answered ``after`` times more."""
        self.refusals[call] = [GRPCError(status, why, details)] * times + [None] * after

    def end(self, id: str) -> None:
        """As if Modal, or a user on its pages, had ended the sandbox."""
        asyncio.run_coroutine_threadsafe(self._end(self.sandboxes[id]), self._loop).result()

    def start(self) -> str:
        """Returns the address."""
        self._thread.start()
        return asyncio.run_coroutine_threadsafe(self._serve(), self._loop).result()

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _serve(self) -> str:
        handlers: list[Any] = [self]  # it has a __mapping__
        self._server = _Server(handlers, status_details_codec=custom_detail_codec)
        await self._server.start("127.0.0.1", 0)
        sockets = self._server._server.sockets  # type: ignore[union-attr]  # it is started
        self.address = f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
        return self.address

    async def _close(self) -> None:
        for one in self.living.values():
            await self._end(one)
        self._server.close()
        self._server.hang_up()
        await self._server.wait_closed()

    async def _end(self, kept: Kept) -> None:
        kept.ended = True
        for one in kept.processes:
            one.kill()
            await one.process.wait()

    # -- gRPC -----------------------------------------------------------------------

    def __mapping__(self) -> dict[str, Handler]:
        found = {**ModalClientBase.__mapping__(self), **TaskCommandRouterBase.__mapping__(self)}  # type: ignore[arg-type]
        return {
            path: handler._replace(func=functools.partial(self._answer, path, handler.cardinality))
            for path, handler in found.items()
        }

    def __getattr__(self, name: str) -> Any:
        """All other calls that Modal knows: their names are in the mapping."""
        if not name[0].isupper():
            raise AttributeError(name)
        return functools.partial(GRPCError, Status.UNIMPLEMENTED, name)

    async def _answer(self, path: str, cardinality: Cardinality, stream: Stream[Any, Any]) -> None:
        name = path.rpartition("/")[2]
        request = await stream.recv_message()
        self.calls[name] += 1
        if (waiting := self.refusals.get(name)) and (refusal := waiting.pop()):
            raise refusal
        own = type(self).__dict__.get(name)
        if own is None:
            raise GRPCError(Status.UNIMPLEMENTED, f"the stand-in for Modal has no {name}")
        if path.startswith("/modal.client") and stream.metadata is not None:
            given = (
                stream.metadata.get("x-modal-token-id"),
                stream.metadata.get("x-modal-token-secret"),
            )
            if given != TOKEN:
                raise GRPCError(Status.UNAUTHENTICATED, "Token ID is malformed")
        if cardinality is Cardinality.UNARY_STREAM:
            async for answer in own(self, request):
                await stream.send_message(answer)
        else:
            await stream.send_message(await own(self, request))

    # -- the account, images ----------------------------------------------------------

    async def ClientHello(self, _: Any) -> Any:
        return api_pb2.ClientHelloResponse()

    async def AuthTokenGet(self, _: Any) -> Any:
        return api_pb2.AuthTokenGetResponse(token="a.e30.b")

    async def EnvironmentGetOrCreate(self, _: Any) -> Any:
        settings = api_pb2.EnvironmentSettings(image_builder_version="2025.06")
        metadata = api_pb2.EnvironmentMetadata(name="main", settings=settings)
        return api_pb2.EnvironmentGetOrCreateResponse(environment_id="en-1", metadata=metadata)

    async def AppGetOrCreate(self, _: Any) -> Any:
        return api_pb2.AppGetOrCreateResponse(app_id="ap-1")

    async def MountPutFile(self, request: Any) -> Any:
        self.files.append(request.data)
        return api_pb2.MountPutFileResponse(exists=True)

    async def MountBatchedCheckExistence(self, request: Any) -> Any:
        missing = request.sha256_hex_hashes
        return api_pb2.MountBatchedCheckExistenceResponse(missing_sha256_hex_hashes=missing)

    async def MountGetOrCreate(self, _: Any) -> Any:
        return api_pb2.MountGetOrCreateResponse(mount_id="mo-1")

    async def ImageGetOrCreate(self, request: Any) -> Any:
        self.images.append(request.image)
        mark = hashlib.sha256(request.image.SerializeToString(deterministic=True))
        return api_pb2.ImageGetOrCreateResponse(image_id=f"im-{mark.hexdigest()[:20]}")

    async def ImageJoinStreaming(self, _: Any) -> AsyncIterator[Any]:
        yield api_pb2.ImageJoinStreamingResponse(result=_DONE, eof=True)

    async def ImageFromId(self, request: Any) -> Any:
        return api_pb2.ImageFromIdResponse(image_id=request.image_id)

    # -- sandboxes --------------------------------------------------------------------

    async def SandboxCreateV2(self, request: Any) -> Any:
        id = f"sb-{len(self.sandboxes)}"
        self.sandboxes[id] = Kept(request.definition, list(request.tags))
        access = api_pb2.CommandRouterAccess(jwt="a.e30.b", url=self.address)
        return api_pb2.SandboxCreateV2Response(
            sandbox_id=id, task_id=id, command_router_access=access
        )

    async def SandboxListV2(self, request: Any) -> Any:
        if request.before_timestamp:
            return api_pb2.SandboxListResponse()
        return api_pb2.SandboxListResponse(
            sandboxes=[api_pb2.SandboxInfo(id=id, created_at=1.0) for id in self.living]
        )

    async def SandboxTagsGetV2(self, request: Any) -> Any:
        return api_pb2.SandboxTagsGetResponse(tags=self.sandboxes[request.sandbox_id].tags)

    async def SandboxTerminateV2(self, request: Any) -> Any:
        await self._end(self.sandboxes[request.sandbox_id])
        return api_pb2.SandboxTerminateResponse()

    async def SandboxWaitV2(self, request: Any) -> Any:
        ended = self.sandboxes[request.sandbox_id].ended
        return api_pb2.SandboxWaitResponse(result=_ENDED if ended else None)

    # -- the command router -------------------------------------------------------------

    async def TaskExecStart(self, request: Any) -> Any:
        place = self._folder / request.exec_id
        place.mkdir()
        program, *arguments = request.command_args
        command = [program if "/" in program else f"/usr/bin/{program}", *arguments]
        machine = str(Path(__file__).with_name("machine.py"))
        process = await asyncio.create_subprocess_exec(
            *[sys.executable, machine, str(place), json.dumps(self.shown), *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd="/",
            start_new_session=True,  # the scheduler takes it for a machine of its own
        )
        kept = self.sandboxes[request.task_id]
        kept.processes.append(Process(process))
        setattr(kept, request.exec_id, kept.processes[-1])
        return task_command_router_pb2.TaskExecStartResponse()

    async def TaskExecStdinWrite(self, request: Any) -> Any:
        await self._process(request).write(request.offset, request.data, request.eof)
        return task_command_router_pb2.TaskExecStdinWriteResponse()

    async def TaskExecStdioRead(self, request: Any) -> AsyncIterator[Any]:
        errors = task_command_router_pb2.TASK_EXEC_STDIO_FILE_DESCRIPTOR_STDERR
        number = int(request.file_descriptor == errors)
        async for data in self._process(request).heard(number, request.offset):
            yield task_command_router_pb2.TaskExecStdioReadResponse(data=data)

    async def TaskExecWait(self, request: Any) -> Any:
        code = await self._process(request).process.wait()
        return task_command_router_pb2.TaskExecWaitResponse(code=code)

    def _process(self, request: Any) -> Process:
        kept = self.sandboxes[request.task_id]
        if kept.ended:
            raise GRPCError(Status.NOT_FOUND, "the sandbox has ended")
        process: Process = getattr(kept, request.exec_id)
        return process
