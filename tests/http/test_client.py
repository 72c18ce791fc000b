"""The Python client, against the application itself."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from schemas.problem import BatchProblem, Problem
from schemas.request import SegmentChoice
from schemas.result import BatchResult
from service import clean
from service.client import BATCH_LINES, AsyncClient, Client, Refused
from tests.http.door import Door

BASE = "http://ghirbal.test"
PAGES = [
    {"id": str(n), "text": f"Bread prices rose on Monday, {n} said."} for n in range(2 * BATCH_LINES + 3)
]


def sync_client(door: Door, **given: Any) -> Client:
    def handle(request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode()
        answer = door.ask(request.method, path, content=request.read(), headers=request.headers.raw)  # type: ignore[arg-type]
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    return Client(BASE, transport=httpx.MockTransport(handle), **given)


def async_client(door: Door, **given: Any) -> AsyncClient:
    return AsyncClient(BASE, transport=httpx.ASGITransport(app=door.app), **given)


def with_async(door: Door, use: Callable[[AsyncClient], Any], **given: Any) -> Any:
    async def run() -> Any:
        async with async_client(door, **given) as ghirbal:
            return await use(ghirbal)

    return asyncio.run(run())


def test_a_page_is_cleaned(door: Door) -> None:
    page = "Bread prices rose on Monday, the minister said."
    wanted = clean(page.encode(), content_type="text/plain", url="https://example.org/غ").article
    with sync_client(door) as ghirbal:
        assert ghirbal.clean(page, url="https://example.org/غ", status=200).article == wanted
        assert ghirbal.clean(b"a", language="de-AT").article.inLanguage == "de-AT"
        assert ghirbal.clean(b"<p>a", content_type="text/html", segments="none").segments == ()
    told = with_async(door, lambda ghirbal: ghirbal.clean(page, url="https://example.org/غ"))
    assert told.article == wanted


def test_a_batch_of_any_length_has_an_answer_each(door: Door) -> None:
    pages: list[dict[str, Any]] = [*PAGES, {"id": "bad", "text": 1}]
    with sync_client(door) as ghirbal:
        answers = list(ghirbal.clean_batch(iter(pages), segments=SegmentChoice.NONE))
    assert [answer.id for answer in answers] == [page["id"] for page in pages]
    assert {type(answer) for answer in answers[:-1]} == {BatchResult}
    assert isinstance(answers[-1], BatchProblem)

    async def stream() -> AsyncIterator[dict[str, Any]]:
        for page in pages:
            yield page

    async def gather(ghirbal: AsyncClient) -> list[Any]:
        streamed = [answer async for answer in ghirbal.clean_batch(stream(), segments="none")]
        listed = [answer async for answer in ghirbal.clean_batch(pages, segments="none")]
        assert streamed[:-1] == listed[:-1]
        return streamed

    assert [answer.id for answer in with_async(door, gather)] == [page["id"] for page in pages]


def test_a_refusal_says_why(door: Door) -> None:
    with sync_client(door) as ghirbal, pytest.raises(Refused) as caught:
        ghirbal.clean(b"a", content_type="image/png")
    assert caught.value.status == 415
    assert isinstance(caught.value.problem, Problem)
    with pytest.raises(Refused, match="415"):
        with_async(door, lambda ghirbal: ghirbal.clean(b"a", content_type="image/png"))


def test_a_wrong_option_is_never_sent(door: Door) -> None:
    with sync_client(door) as ghirbal, pytest.raises(ValueError, match="profile"):
        ghirbal.clean(b"a", profile="bold")


def test_a_key_is_sent(door: Door) -> None:
    del door
    locked = Door(api_keys="one,two")
    with sync_client(locked) as ghirbal, pytest.raises(Refused, match="401"):
        ghirbal.clean(b"a")
    with sync_client(locked, api_key="two") as ghirbal:
        assert ghirbal.clean(b"a").article.articleBody == "a"


@pytest.mark.parametrize("tries", [1, 3])
def test_a_full_service_is_asked_again(door: Door, tries: int) -> None:
    """After two refusals the page is taken."""
    asked = 0
    page = door.clean(b"a")
    problem = json.dumps({
        "type": "/problems/overloaded", "title": "full", "status": 503, "detail": "full", "errors": [],
        "requestId": None,
    })  # fmt: skip

    def handle(_: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        if asked < 3:
            return httpx.Response(503, headers={"Retry-After": "0"}, content=problem)
        return httpx.Response(200, content=page.content)

    with Client(BASE, transport=httpx.MockTransport(handle), tries=tries) as ghirbal:
        if tries == 1:
            with pytest.raises(Refused, match="full"):
                ghirbal.clean(b"a")
        else:
            assert ghirbal.clean(b"a").article.articleBody == "a"
    assert asked == tries


def test_a_page_is_sent_once_at_least() -> None:
    with pytest.raises(ValueError, match="tries"):
        Client(BASE, tries=0)


def test_an_answer_of_somebody_else_is_a_refusal_without_a_problem() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(502, content=b"<html>Bad gateway"))
    with Client(BASE, transport=transport) as ghirbal, pytest.raises(Refused) as caught:
        ghirbal.clean(b"a")
    assert (caught.value.status, caught.value.problem) == (502, None)
