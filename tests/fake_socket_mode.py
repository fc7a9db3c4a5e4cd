"""The other end of Slack's Socket Mode: a small WebSocket server (RFC 6455) on loopback.

It shakes hands, says hello, answers pings, sends envelopes and remembers which were acknowledged.
"""

import base64
import hashlib
import json
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3
TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA


@dataclass
class FakeSocketMode:
    """Its connections; the last one is the one in use."""

    acknowledged: list[str] = field(default_factory=list)
    connections: list[socket.socket] = field(default_factory=list)
    address: str = ""
    _sent: int = 0

    def send(self, payload: dict[str, Any], kind: str = "interactive") -> str:
        """Send an envelope; its id."""
        self._sent += 1
        envelope = f"envelope-{self._sent}"
        self.say({"type": kind, "envelope_id": envelope, "payload": payload})
        return envelope

    def say(self, message: dict[str, Any]) -> None:
        """Send any message."""
        self.connections[-1].sendall(frame(TEXT, json.dumps(message).encode()))

    def drop(self) -> None:
        """Cut the connection as a broken line does."""
        self.connections[-1].shutdown(socket.SHUT_RDWR)

    def serve(self, connection: socket.socket) -> None:
        with suppress(OSError, EOFError):
            shake_hands(connection)
            self.connections.append(connection)
            self.say({"type": "hello", "num_connections": 1})
            while True:
                code, payload = read_frame(connection)
                if code == PING:
                    connection.sendall(frame(PONG, payload))
                elif code == TEXT:
                    self.acknowledged.append(json.loads(payload)["envelope_id"])
                elif code == CLOSE:
                    return


@contextmanager
def serving_sockets() -> Iterator[FakeSocketMode]:
    """Serve on a free loopback port until the end of the block."""
    fake = FakeSocketMode()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        fake.address = f"ws://127.0.0.1:{server.getsockname()[1]}/link"
        closing = threading.Event()
        threads = []

        def accept() -> None:
            while not closing.is_set():
                with suppress(TimeoutError):
                    connection, _ = server.accept()
                    connection.settimeout(None)
                    threads.append(threading.Thread(target=fake.serve, args=(connection,)))
                    threads[-1].start()

        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield fake
        finally:
            closing.set()
            accepting.join()
            for connection in fake.connections:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
                connection.close()
            for thread in threads:
                thread.join()


def shake_hands(connection: socket.socket) -> None:
    asked = b""
    while not asked.endswith(b"\r\n\r\n"):
        asked += received(connection, 1)
    headers = dict(line.split(b": ", 1) for line in asked.strip().split(b"\r\n")[1:])
    accept = base64.b64encode(hashlib.sha1(headers[b"Sec-WebSocket-Key"] + MAGIC).digest())
    connection.sendall(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
    )


def frame(code: int, payload: bytes) -> bytes:
    """An unmasked final frame, as servers send them (RFC 6455, section 5.2)."""
    size = len(payload)
    if size < 126:
        head = struct.pack("!BB", 0x80 | code, size)
    elif size < 1 << 16:
        head = struct.pack("!BBH", 0x80 | code, 126, size)
    else:
        head = struct.pack("!BBQ", 0x80 | code, 127, size)
    return head + payload


def read_frame(connection: socket.socket) -> tuple[int, bytes]:
    """Code and payload of one frame; clients mask theirs."""
    first, second = received(connection, 2)
    size = second & 0x7F
    if size == 126:
        (size,) = struct.unpack("!H", received(connection, 2))
    elif size == 127:
        (size,) = struct.unpack("!Q", received(connection, 8))
    mask = received(connection, 4)
    payload = received(connection, size)
    return first & 0xF, bytes(byte ^ mask[n % 4] for n, byte in enumerate(payload))


def received(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = connection.recv(size - len(data))
        if not part:
            raise EOFError
        data += part
    return data


def wait_until(is_so: Any, seconds: float = 20.0) -> None:
    """Wait for something that another thread or process does."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise AssertionError(f"it did not come about in {seconds} s")
        time.sleep(0.02)
