"""The table of bad input, sent to a running server: each has its answer, its neighbours theirs."""

import json
from collections.abc import Iterator

import pytest

from tests.http.hostile import SECRET, TEXT, Case, cases
from tests.http.wire import Answer, Server, check_answer, request

GOOD = request("/v1/clean", b"Bread prices rose on Monday, the minister said.", TEXT)
TABLE = list(cases())


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    running = Server()
    yield running
    code, log = running.stop()
    assert code == 0
    assert SECRET not in log
    assert "Traceback" not in log


@pytest.fixture(scope="module")
def good(server: Server) -> Answer:
    return server.ask(GOOD)


def test_the_table_is_long_and_names_are_its_own() -> None:
    assert len(TABLE) >= 100
    assert len({(case.group, case.name) for case in TABLE}) == len(TABLE)


@pytest.mark.parametrize("case", TABLE, ids=lambda case: f"{case.group}: {case.name}")
def test_bad_input_has_its_answer(server: Server, good: Answer, case: Case) -> None:
    answer = server.ask(*case.parts, method=case.method)
    if answer.headers["content-type"] == "application/x-ndjson":
        for line in answer.body.splitlines():
            json.loads(line)
    check_answer(answer, case.statuses, SECRET)
    assert server.ask(b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n", method="GET").status == 200
    assert server.ask(GOOD).body == good.body


@pytest.mark.parametrize(
    "case", [case for case in TABLE if case.group == "framing"], ids=lambda case: case.name
)
def test_broken_framing_is_answered_once(server: Server, case: Case) -> None:
    """What follows a head that could be read in two ways is never taken for a request."""
    if case.statuses == (400,):
        answers = server.send(*case.parts)
        assert answers.count(b"HTTP/1.1 4") == 1
        assert answers.startswith(b"HTTP/1.1 400 ")
