"""Open sockets on every host of the lab, all held by one process.

Run as a plain script with JSON on standard input: ``[{"namespace", "name", "tcp": [port], "udp": [port]}]``. Sockets
are opened inside the host's namespace for IPv4 and IPv6. TCP answers ``name:port`` and closes, UDP sends back what
came with the same words in front. Prints ``{"problem": ""}`` when all are open.
"""

import ctypes
import json
import os
import selectors
import socket
import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

CLONE_NEWNET = 0x40000000  # linux/sched.h


def move_into(namespace: str) -> None:
    """Put the calling thread into a namespace. Raises OSError."""
    descriptor = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    if ctypes.CDLL(None, use_errno=True).setns(descriptor, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")
    os.close(descriptor)


def enter(namespace: str, work: Callable[[], None]) -> None:
    """Call ``work`` in a thread inside the namespace; the process ends with the reason when that fails."""

    def body() -> None:
        try:
            move_into(namespace)
            work()
        except OSError as error:
            problems.append(f"{namespace}: {error}")

    problems: list[str] = []
    thread = threading.Thread(target=body)
    thread.start()
    thread.join()
    if problems:
        sys.exit(problems[0])


def bound(kind: socket.SocketKind, port: int) -> socket.socket:
    """A socket on every address of both families."""
    sock = socket.socket(socket.AF_INET6, kind)
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("::", port))
    sock.setblocking(False)
    if kind == socket.SOCK_STREAM:
        sock.listen(64)
    return sock


def open_host(selector: selectors.BaseSelector, item: dict[str, Any]) -> None:
    """All sockets of one host."""
    for kind, word in ((socket.SOCK_STREAM, "tcp"), (socket.SOCK_DGRAM, "udp")):
        for port in item[word]:
            selector.register(bound(kind, port), selectors.EVENT_READ, f"{item['name']}:{port}\n".encode())


def answer(sock: socket.socket, words: bytes) -> None:
    """One connection or one datagram."""
    try:
        if sock.type == socket.SOCK_STREAM:
            connection, _ = sock.accept()
            with connection:
                connection.send(words)
        else:
            data, peer = sock.recvfrom(2048)
            sock.sendto(words + data, peer)
    except OSError:
        return


def main() -> None:
    """Open, report, serve until killed."""
    selector = selectors.DefaultSelector()
    for item in json.load(sys.stdin):
        enter(item["namespace"], partial(open_host, selector, item))
    sys.stdout.write(json.dumps({"problem": ""}) + "\n")
    sys.stdout.flush()
    while True:
        for key, _ in selector.select():
            if isinstance(key.fileobj, socket.socket):
                answer(key.fileobj, key.data)


if __name__ == "__main__":
    main()
