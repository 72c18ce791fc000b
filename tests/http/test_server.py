"""The server as it is run: a process, a socket, a signal."""

import http.client
import json
import signal
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.http.wire import PATIENCE, Answer, Server, check_answer, read_answer, request

TEXT = {"Content-Type": "text/plain"}
SENTENCE = b"Bread prices rose on Monday, the minister said. "


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.stop()


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
    code, log = Server().stop()
    assert code == 0
    assert "Traceback" not in log


def test_sigterm_answers_what_was_taken() -> None:
    """Pages under way, a page whose head has come, and a batch."""
    server = Server()
    page = request("/v1/clean", SENTENCE * 2000, TEXT)
    answers: list[Answer] = []

    def ask() -> None:
        answers.append(server.ask(page))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    with server.connect() as late, server.connect() as batch:
        late.sendall(page[:-10])
        batch.sendall(
            b"POST /v1/clean/batch HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-ndjson\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n"
            b'f\r\n{"text": "one"}\r\n1\r\n\n\r\n'
        )
        assert batch.recv(65536).startswith(b"HTTP/1.1 200 ")
        for thread in threads:
            thread.start()
        while server.ask(b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n", method="GET").body.count(
            b"running 0.0"
        ):
            time.sleep(0.01)
        server.process.send_signal(signal.SIGTERM)
        late.sendall(page[-10:])
        assert read_answer(late).status == 200
        rest = b""
        while piece := batch.recv(65536):
            rest += piece
        assert b'"status":503' in rest  # how the batch ends: what was not read is to be sent again
        assert rest.endswith(b"0\r\n\r\n")
    for thread in threads:
        thread.join(PATIENCE)
    code, log = server.stop()
    assert [answer.status for answer in answers] == [200] * 6
    assert code == 0
    assert "Traceback" not in log


@pytest.fixture(scope="module")
def impatient() -> Iterator[Server]:
    """Gives a second to heads and bodies, and takes ten connections."""
    running = Server(head_seconds=1, body_seconds=1, max_connections=10, api_keys="one,two")
    yield running
    running.stop()


def test_a_slow_head_is_408(impatient: Server) -> None:
    answer = impatient.send(b"GET /livez HTTP/1.1\r\nHost: a\r\n")
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"1 seconds, the limit (head_seconds)" in answer
    assert impatient.send(b"") == b""


def test_a_slow_body_is_408(impatient: Server) -> None:
    head = b"POST %s HTTP/1.1\r\nHost: a\r\nX-Api-Key: two\r\nContent-Type: %s\r\nContent-Length: 100\r\n\r\n"
    for path, media in ((b"/v1/clean", b"text/plain"), (b"/v1/clean/batch", b"application/x-ndjson")):
        answer = impatient.send(head % (path, media) + b"slow")
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b"1 seconds, the limit (body_seconds)" in answer


def test_a_batch_that_stops_amid_its_lines_ends_with_a_line_that_says_so(impatient: Server) -> None:
    answer = impatient.send(
        b"POST /v1/clean/batch HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer one\r\n"
        b'Content-Type: application/x-ndjson\r\nContent-Length: 900\r\n\r\n{"text": "one"}\n{"te'
    )
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b'"status":408' in answer
    assert answer.count(b'"status":200') == 1


def test_one_connection_too_many_takes_the_place_of_an_idle_one(impatient: Server) -> None:
    idle = [impatient.connect() for _ in range(30)]
    assert impatient.ask(b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n", method="GET").status == 200
    for connection in idle:
        connection.close()


def test_a_key_is_asked_for_before_the_body_is_read(impatient: Server) -> None:
    head = b"POST /v1/clean HTTP/1.1\r\nHost: a\r\n%sContent-Length: 5000000\r\n\r\n"
    for given in (
        b"",
        b"X-Api-Key: three\r\n",
        b"Authorization: Bearer on\r\n",
        b"Authorization: Basic one\r\n",
    ):
        with impatient.connect() as connection:
            connection.sendall(head % given)
            answer = read_answer(connection)
            check_answer(answer, (401,), "three")
            assert answer.headers["www-authenticate"].startswith("Bearer")
    for key in ({"X-Api-Key": "one"}, {"Authorization": "bearer two"}):
        assert impatient.post("/v1/clean", b"a", {**TEXT, **key}).status == 200
    for path in ("/livez", "/readyz", "/metrics", "/openapi.json"):
        assert impatient.ask(request(path, b"", {}, "GET"), method="GET").status == 200


def test_two_requests_on_one_connection_have_two_answers(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(request("/v1/clean", b"one", TEXT) + request("/v1/clean", b"two", TEXT))
        stream = connection.makefile("rb")
        for word in ("one", "two"):
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += stream.readline()
            length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
            assert json.loads(stream.read(length))["article"]["articleBody"] == word


def test_a_batch_is_answered_line_by_line_as_it_comes(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(
            b"POST /v1/clean/batch HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-ndjson\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n"
        )
        answer = b""
        for n in range(1, 6):
            line = b'{"id": "page-%d", "text": "one"}\n' % n
            connection.sendall(b"%x\r\n%b\r\n" % (len(line), line))
            while b"page-%d" % n not in answer:  # before the next line is sent
                answer += connection.recv(65536)
        connection.sendall(b"0\r\n\r\n")
        while not answer.endswith(b"0\r\n\r\n"):
            answer += connection.recv(65536)
    assert answer.count(b'"status":200') == 5


def test_a_batch_whose_client_leaves_is_worked_on_no_further(server: Server) -> None:
    def pages() -> float:
        text = server.ask(b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n", method="GET").body.decode()
        told = [line for line in text.splitlines() if line.startswith("ghirbal_pages_total")]
        return sum(float(line.split()[-1]) for line in told)

    before = pages()
    line = b'{"text": "%b"}\n' % (SENTENCE * 20)
    connection = server.connect()
    connection.sendall(
        b"POST /v1/clean/batch HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-ndjson\r\n"
        b"Content-Length: %d\r\n\r\n" % (100_000 * len(line)) + line * 500
    )
    connection.recv(1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    connection.close()
    done = -1.0
    while done != pages():
        done = pages()
        time.sleep(0.5)
    assert done - before < 500


def test_a_trace_is_passed_on_and_logged() -> None:
    server = Server()
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    answer = server.post(
        "/v1/clean", b"secret words", {**TEXT, "traceparent": trace, "X-Request-Id": "crawl-7"}
    )
    assert answer.headers["traceparent"] == trace
    code, log = server.stop()
    assert code == 0
    told = [json.loads(line) for line in log.splitlines()]
    [line] = [one for one in told if one.get("requestId") == "crawl-7"]
    assert line["traceId"] == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert (line["method"], line["path"], line["status"]) == ("POST", "/v1/clean", 200)
    assert "secret" not in log


def test_what_happens_is_counted(server: Server) -> None:
    server.post("/v1/clean", SENTENCE, TEXT)
    server.post("/v1/clean", SENTENCE, {"Content-Type": "image/png"})
    server.send(b"nonsense\r\n\r\n")
    text = server.ask(b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n", method="GET").body.decode()
    for wanted in (
        'ghirbal_requests_total{method="POST",route="/v1/clean",status="200"}',
        'ghirbal_requests_total{method="POST",route="/v1/clean",status="415"}',
        'ghirbal_request_seconds_bucket{le="0.5",route="/v1/clean"}',
        'ghirbal_pages_total{decision="',
        'language="en"',
        'ghirbal_refused_connections_total{status="400"}',
        "ghirbal_queue_depth 0.0",
        "ghirbal_pages_running 0.0",
        "ghirbal_deadlines_total 0.0",
        "process_resident_memory_bytes",
    ):
        assert wanted in text
