"""A server as it is run, asked byte by byte."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPResponse
from typing import Any

PATIENCE = 300
"""Seconds after which a test gives up; nothing is measured."""


@dataclass(frozen=True)
class Answer:
    """One response."""

    status: int
    headers: dict[str, str]
    body: bytes


class HalfClose:
    """In place of bytes: say that no more come, and go on reading."""


HALF_CLOSE = HalfClose()


class _Stream:
    """What `http.client` reads responses from."""

    def __init__(self, connection: socket.socket) -> None:
        self._file = connection.makefile("rb")

    def makefile(self, *_: Any, **__: Any) -> Any:
        return self._file


class Server:
    """`ghirbal serve` on a free port of the loopback address."""

    def __init__(self, **settings: object) -> None:
        command = [sys.executable, "-c", "from service.cli import app; app()", "serve", "--port", "0"]
        given = {f"GHIRBAL_{name.upper()}": str(value) for name, value in settings.items()}
        self.process = subprocess.Popen(
            command,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **given, "GHIRBAL_LOG_LEVEL": "info"},
        )
        self.log: list[str] = []
        assert self.process.stderr
        for line in self.process.stderr:
            self.log.append(line)
            if found := re.search(r"running on http://127\.0\.0\.1:(\d+)", line):
                self.port = int(found.group(1))
                break
        else:
            raise RuntimeError(f"no server: {self.process.wait(PATIENCE)}")
        self.reader = threading.Thread(target=self._read_log, daemon=True)
        self.reader.start()

    def _read_log(self) -> None:
        """Keep the pipe from filling up."""
        assert self.process.stderr
        self.log.extend(self.process.stderr)

    def connect(self) -> socket.socket:
        """A connection of one's own."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def send(self, *parts: bytes | HalfClose) -> bytes:
        """All that comes back on a connection over which these parts were sent, until it is closed."""
        with self.connect() as connection:
            _send_all(connection, parts)
            answer = b""
            try:
                while piece := connection.recv(65536):
                    answer += piece
            except ConnectionResetError:
                pass
        return answer

    def ask(self, *parts: bytes | HalfClose, method: str = "POST") -> Answer:
        """The first response that comes back."""
        with self.connect() as connection:
            _send_all(connection, parts)
            return read_answer(connection, method)

    def post(
        self, path: str, body: bytes, headers: Mapping[str, str] | None = None, method: str = "POST"
    ) -> Answer:
        """A well-formed request."""
        return self.ask(request(path, body, headers, method), method=method)

    def stop(self) -> tuple[int, str]:
        """The exit code after SIGTERM, and the log."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        if self.process.stderr:
            self.process.stderr.close()
        return self.process.returncode, "".join(self.log)


def request(path: str, body: bytes, headers: Mapping[str, str] | None = None, method: str = "POST") -> bytes:
    """A request, byte by byte."""
    given = {"Host": "ghirbal.test", "Content-Length": str(len(body)), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def read_answer(connection: socket.socket, method: str = "POST") -> Answer:
    """The next response on a connection; ConnectionError where none comes."""
    response = HTTPResponse(_Stream(connection), method=method)  # type: ignore[arg-type]
    response.begin()
    body = response.read()
    return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, body)


def _send_all(connection: socket.socket, parts: Sequence[bytes | HalfClose]) -> None:
    for part in parts:
        if isinstance(part, HalfClose):
            connection.shutdown(socket.SHUT_WR)
            continue
        try:
            connection.sendall(part)
        except (BrokenPipeError, ConnectionResetError):
            return  # refused already: the answer says why


def check_answer(answer: Answer, statuses: Sequence[int], secret: str) -> None:
    """What holds for every answer, whatever was asked."""
    assert answer.status in statuses, (answer.status, answer.body[:500])
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert re.fullmatch(r"[A-Za-z0-9._:~+/=@-]{1,128}", answer.headers["x-request-id"])
    assert "server" not in answer.headers
    text = answer.body.decode()
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", text)
    if answer.status >= 400 and answer.body:
        assert answer.headers["content-type"] == "application/problem+json"
        assert len(answer.body) <= 8192
        assert "Traceback" not in text
        assert secret not in text
        told = json.loads(text)
        assert told["status"] == answer.status
        assert told["type"].startswith("/problems/")
    if answer.status == 503:
        assert answer.headers["retry-after"].isdigit()
