"""The server as it is run: a process, a socket, a signal."""

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

PATIENCE = 60
"""Seconds after which a test gives up; nothing is measured."""


class Server:
    """`ghirbal serve` on a free port of the loopback address."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", "from service.cli import app; app()", "serve", "--port", "0"]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert self.process.stderr
        for line in self.process.stderr:
            if found := re.search(r"running on http://127\.0\.0\.1:(\d+)", line):
                self.port = int(found.group(1))
                break
        else:
            raise RuntimeError(f"no server: {self.process.wait(PATIENCE)}")

    def send(self, data: bytes) -> bytes:
        """What comes back on a connection over which these bytes were sent."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
            connection.sendall(data)
            answer = b""
            while piece := connection.recv(65536):
                answer += piece
        return answer


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    running = Server()
    yield running
    if running.process.poll() is None:
        running.process.send_signal(signal.SIGTERM)
    running.process.communicate(timeout=PATIENCE)


def test_a_page_is_cleaned(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    connection.request("POST", "/v1/clean", b"Bread prices rose on Monday.", {"Content-Type": "text/plain"})
    response = connection.getresponse()
    assert response.status == 200
    assert json.loads(response.read())["article"]["articleBody"] == "Bread prices rose on Monday."
    assert response.headers["Server"] is None
    connection.request("GET", "/readyz")
    assert connection.getresponse().status == 200
    connection.close()


def test_an_announced_giant_is_refused_at_once(server: Server) -> None:
    head = (
        b"POST /v1/clean HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 10000000000\r\n\r\n"
    )
    answer = server.send(head)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"/problems/too-large"' in answer


def test_a_client_that_sends_too_much_can_read_why(server: Server) -> None:
    body = b"a" * (11 * 1024 * 1024)
    length = str(len(body)).encode()
    answer = server.send(
        b"POST /v1/clean HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + b"\r\n\r\n" + body
    )
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"/problems/too-large"' in answer


def test_chunks_over_the_limit_are_refused(server: Server) -> None:
    chunk = b"100000\r\n" + b"a" * 0x100000 + b"\r\n"
    answer = server.send(
        b"POST /v1/clean HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk * 11
    )
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_what_is_no_http_is_400(server: Server) -> None:
    assert server.send(b"nonsense\r\n\r\n").startswith(b"HTTP/1.1 400 ")


def test_sigterm_ends_it() -> None:
    running = Server()
    running.process.send_signal(signal.SIGTERM)
    _, log = running.process.communicate(timeout=PATIENCE)
    assert running.process.returncode in (0, -signal.SIGTERM)
    assert "Traceback" not in log
