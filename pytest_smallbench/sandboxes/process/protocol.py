"""How a worker and its keeper talk: a JSON header, then parts of raw bytes.

    4 bytes length of the header, header, part, part, ...    (lengths in header["parts"])

JSON rather than pickle: neither side ever runs what the other one sent.
"""

from __future__ import annotations

import fcntl
import json
import os
import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

Header: TypeAlias = dict[str, Any]

_CHUNK = 1 << 18
_SEALS = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL
_MAX_HEADER = 64 << 20


class Connection(Protocol):
    """A socket, or whatever else carries bytes both ways. ``fileno`` is where to read."""

    def fileno(self) -> int: ...

    def recv_into(self, buffer: memoryview, /) -> int: ...

    def sendall(self, data: bytes | memoryview, /) -> None: ...


class Pipes:
    """A connection over two pipes, such as a program's standard input and output."""

    def __init__(self, reader: int, writer: int) -> None:
        self._reader, self.writer = reader, writer

    def fileno(self) -> int:
        return self._reader

    def recv_into(self, buffer: memoryview, /) -> int:
        return os.readv(self._reader, [buffer])

    def sendall(self, data: bytes | memoryview, /) -> None:
        write_all(self.writer, memoryview(data))


def send(connection: Connection, header: Mapping[str, Any], parts: Sequence[bytes] = ()) -> None:
    """Send one message. Raises OSError when the other side is gone."""
    send_header(connection, header, [len(part) for part in parts])
    for part in parts:
        connection.sendall(part)


def send_header(
    connection: Connection, header: Mapping[str, Any], sizes: Sequence[int] = ()
) -> None:
    text = json.dumps({**header, "parts": list(sizes)}).encode()
    connection.sendall(struct.pack(">I", len(text)) + text)


def receive(connection: Connection) -> tuple[Header, list[bytes]]:
    """One message with its parts in memory. Raises EOFError when the other side is gone."""
    header = receive_header(connection)
    return header, [exactly(connection, size) for size in header["parts"]]


def receive_header(connection: Connection) -> Header:
    (length,) = struct.unpack(">I", exactly(connection, 4))
    if length > _MAX_HEADER:
        raise EOFError("not a message of this protocol")
    header: Header = json.loads(exactly(connection, length))
    return header


def exactly(connection: Connection, size: int) -> bytes:
    data = bytearray(size)
    view = memoryview(data)
    while view:
        count = connection.recv_into(view)
        if not count:
            raise EOFError("the other side closed the connection")
        view = view[count:]
    return bytes(data)


def chunks(connection: Connection, size: int) -> Iterable[memoryview]:
    """The next ``size`` bytes, piece by piece in one buffer that is used again and again.

    The keeper takes everything in this way, so that no payload stays behind in its memory,
    of which every later run is a copy.
    """
    buffer = memoryview(bytearray(min(size, _CHUNK)))
    while size:
        count = connection.recv_into(buffer[: min(size, _CHUNK)])
        if not count:
            raise EOFError("the other side closed the connection")
        yield buffer[:count]
        size -= count
    buffer[:] = bytes(len(buffer))


def receive_files(connection: Connection, sizes: Iterable[int]) -> list[int]:
    """Each part in a sealed memory file of its own; returns their descriptors."""
    return [_to_memory_file(connection, size) for size in sizes]


def _to_memory_file(connection: Connection, size: int) -> int:
    part = os.memfd_create("part", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    for chunk in chunks(connection, size):
        write_all(part, chunk)
    # Whoever inherits it can neither change nor grow it.
    fcntl.fcntl(part, fcntl.F_ADD_SEALS, _SEALS)
    os.lseek(part, 0, os.SEEK_SET)
    return part


def write_all(descriptor: int, data: memoryview) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def send_file(connection: Connection, descriptor: int, size: int) -> None:
    """Send the first ``size`` bytes of a file without reading them into this process."""
    target = connection.writer if isinstance(connection, Pipes) else connection.fileno()
    offset = 0
    while offset < size:
        count = os.sendfile(target, descriptor, offset, size - offset)
        if not count:
            raise EOFError("the file is shorter than announced")
        offset += count
