"""What an agent's MCP client starts: carries bytes between its stdio and our socket.

Run as a script (``python -I proxy.py SOCKET``), with the standard library alone: whatever lies
in the agent's folder or its environment, no module of that name is imported in place of ours.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading

CHUNK = 1 << 16


def main(path: str) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        try:
            server.connect(path)
        except OSError as error:
            sys.exit(f"the attempt that this MCP server belonged to is over ({error.strerror})")
        threading.Thread(target=_send, args=(server,), daemon=True).start()
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            while data := server.recv(CHUNK):
                _write(data)


def _send(server: socket.socket) -> None:
    """The client's bytes to us; its end is passed on, and the answers under way still come."""
    try:
        while data := os.read(0, CHUNK):
            server.sendall(data)
        server.shutdown(socket.SHUT_WR)
    except OSError:  # the attempt has ended meanwhile, as the other direction learns, too
        pass


def _write(data: bytes) -> None:
    while data:
        data = data[os.write(1, data) :]


if __name__ == "__main__":
    main(sys.argv[1])
