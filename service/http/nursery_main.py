"""The process that workers are forked from: it has everything loaded and never sees a page.

A fork of it is ready in milliseconds and shares its memory. The door starts it anew as a program of its
own, with one thread, and talks to it over one socket, a message a packet:

    door -> nursery   "fork" and one end of a socket pair     nursery -> door   "ready"
                                                                                "born <pid>"
                                                                                "gone <pid> <signal or 0>"

Plain fork and sockets instead of a pool from a library: nothing is shared between workers, so that a
worker killed at any moment holds no lock; nothing is written, not even a socket file; and each page
has one worker, so that blame is exact. docs/decisions/0020 says what was looked at.
"""

import gc
import os
import selectors
import signal
import socket
import sys
from typing import Final, NoReturn

from schemas.request import CleanOptions
from service.http import worker
from service.http.accept import Form
from service.http.answer import Sent, answer_page

_TEXT: Final = (
    "Bread prices rose on Monday for the third time this year, the ministry said.\n\n"
    "قال المتحدث باسم الجيش إن البلدين وقعا مذكرة تفاهم يوم الجمعة\n"
)
_WARM: Final = (
    _TEXT.encode(),
    f"<!doctype html><title>Bread</title><p>{_TEXT}</p>".encode(),
    _TEXT.encode("windows-1256", "replace"),
)
FORK: Final = b"fork"
READY: Final = b"ready"
MESSAGE: Final = 64
"""Bytes of the longest message."""
NICE: Final = 5
"""Workers give way to the door, so that health checks are answered while pages take all processors."""


def main(number: str, pages: str, keep_mb: str) -> None:
    """Load everything, then fork on request until the door closes the socket of this number."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)  # sent to the whole group; the door says when to leave
    door = socket.socket(fileno=int(number))
    _warm_up()
    gc.collect()
    gc.freeze()  # so that collecting garbage in a worker does not touch, and so copy, what is shared
    wake, waker = socket.socketpair()
    waker.settimeout(0)
    signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    events = selectors.DefaultSelector()
    events.register(door, selectors.EVENT_READ)
    events.register(wake, selectors.EVENT_READ)
    door.send(READY)
    while True:
        for key, _ in events.select():
            if key.fileobj is wake:
                wake.recv(4096)
            else:
                message, given, _, _ = socket.recv_fds(door, MESSAGE, 1)
                if message != FORK or len(given) != 1:
                    signal.set_wakeup_fd(-1)  # a worker that dies now must not write to what is closed
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    return
                _fork(door, given[0], [wake, waker], int(pages), int(keep_mb))
        _bury(door)


def _warm_up() -> None:
    """Clean a page of each kind, so that phrases, models and tables are loaded before the first fork."""
    for form in Form:
        for body in _WARM:
            answer_page(Sent(body), CleanOptions(), form)


def _fork(door: socket.socket, given: int, own: list[socket.socket], pages: int, keep_mb: int) -> None:
    pid = os.fork()
    if not pid:
        _work(door, given, own, pages, keep_mb)
    os.close(given)
    door.send(b"born %d" % pid)


def _work(door: socket.socket, given: int, own: list[socket.socket], pages: int, keep_mb: int) -> NoReturn:
    """In the child: nothing of the parent is left open, and nothing returns."""
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for connection in (door, *own):
            connection.close()
        os.nice(NICE)
        worker.serve(socket.socket(fileno=given), pages, keep_mb)
        status = 0
    except OSError:
        pass  # the door is gone
    finally:
        os._exit(status)


def _bury(door: socket.socket) -> None:
    """Collect the dead, and say what they died of."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        door.send(b"gone %d %d" % (pid, os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0))


if __name__ == "__main__":  # pragma: no cover  (runs as a process of its own)
    try:
        main(*sys.argv[1:])
    except (BrokenPipeError, ConnectionResetError):
        sys.exit(0)
