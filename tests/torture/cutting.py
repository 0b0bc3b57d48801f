"""A wire that breaks when told: a TCP proxy that loses a request, or the answer to it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

REQUEST, ANSWER = "request", "answer"


class Wire:
    """Between us and `address`; `cut` is what is lost of the next call with `mark` in it."""

    def __init__(self, address: str, mark: bytes) -> None:
        where = urlsplit(address)
        self._far, self._mark = (where.hostname or "", where.port or 80), mark
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        self.cut: str | None = None
        self.cuts = 0

    def serve(self) -> None:
        """Until it is closed."""
        with suppress(OSError):
            while True:
                near, _address = self._server.accept()
                far = socket.create_connection(self._far)
                for pump, pair in ((self._out, (near, far)), (_back, (far, near))):
                    threading.Thread(target=pump, args=pair, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def _out(self, near: socket.socket, far: socket.socket) -> None:
        """From us to them. A lost answer is lost only when they have begun to give it."""
        with suppress(OSError), near, far:
            while piece := near.recv(65_536):
                if self.cut and self._mark in piece:
                    lost, self.cut = self.cut, None
                    self.cuts += 1
                    if lost == ANSWER:
                        self._swallow(near, far, piece)
                    return
                far.sendall(piece)
            far.shutdown(socket.SHUT_WR)

    def _swallow(self, near: socket.socket, far: socket.socket, piece: bytes) -> None:
        """Pass the whole request on, and lose the answer on the way back."""
        with socket.create_connection(self._far) as other:
            head, _gap, body = piece.partition(b"\r\n\r\n")
            size = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
            while len(body) < size:
                more = near.recv(65_536)
                piece, body = piece + more, body + more
            other.sendall(piece)
            other.recv(1)


def _back(far: socket.socket, near: socket.socket) -> None:
    with suppress(OSError):
        while piece := far.recv(65_536):
            near.sendall(piece)
        near.shutdown(socket.SHUT_WR)


@contextmanager
def open_wire(address: str, mark: bytes) -> Iterator[Wire]:
    """The wire while it hangs."""
    wire = Wire(address, mark)
    thread = threading.Thread(target=wire.serve)
    thread.start()
    try:
        yield wire
    finally:
        wire.close()
        thread.join()
