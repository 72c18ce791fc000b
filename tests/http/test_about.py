"""Labels, version, health, documentation, and what holds for every answer."""

import json
import logging
import re
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from typing import Any

import anyio
import httpx
import pytest

import service.http.answer
import service.pipeline
from schemas import LABELS, Label, Version
from schemas.problem import ProblemType
from service.http.context import RequestContext
from service.http.metrics import Metrics
from tests.http.door import TEXT, Door, problem_of


def test_labels_are_all_described(door: Door) -> None:
    rows = door.get("/v1/labels").json()
    assert [row["label"] for row in rows] == list(Label)
    assert rows == [info.model_dump(mode="json") for info in LABELS]


def test_version_is_that_of_the_results(door: Door) -> None:
    version = Version.model_validate_json(door.get("/v1/version").content)
    engine = door.clean(b"text").json()["engine"]
    assert (version.version, version.model) == (engine["version"], engine["model"])


def test_it_lives_from_the_start_and_is_ready_once_started(door: Door) -> None:
    assert door.get("/livez").json() == {"status": "ok"}
    early = door.get("/readyz")
    problem_of(early, 503, "overloaded")
    assert early.headers["retry-after"] == "1"

    async def started() -> httpx.Response:
        async with door.app.router.lifespan_context(door.app):
            transport = httpx.ASGITransport(app=door.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://ghirbal.test") as client:
                return await client.get("/readyz")

    assert anyio.run(started).json() == {"status": "ok"}


def test_health_answers_while_pages_are_cleaned(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that takes long must not hold up the loop: here it waits for the health check itself."""
    answered = anyio.run(_health_during_a_page, monkeypatch)
    assert answered == [200, 200]


async def _health_during_a_page(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    begun, checked = anyio.Event(), anyio.Event()
    analyse = service.pipeline.analyse

    def slow(*args: Any, **kwargs: Any) -> Any:
        anyio.from_thread.run_sync(begun.set)
        anyio.from_thread.run(checked.wait)
        return analyse(*args, **kwargs)

    monkeypatch.setattr(service.http.answer, "analyse", slow)
    answered: list[int] = []
    transport = httpx.ASGITransport(app=Door().app)
    async with (
        httpx.AsyncClient(transport=transport, base_url="http://ghirbal.test") as client,
        anyio.create_task_group() as tasks,
    ):

        async def page() -> None:
            answered.append((await client.post("/v1/clean", content=b"text")).status_code)

        tasks.start_soon(page)
        await begun.wait()
        answered.append((await client.get("/livez")).status_code)
        checked.set()
    return answered


def test_the_pages_load_nothing_from_elsewhere(door: Door) -> None:
    for path in ("/", "/docs"):
        response = door.get(path)
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/html")
        assert "default-src 'none'" in response.headers["content-security-policy"]
        assert "unsafe-inline" not in response.headers["content-security-policy"].split("style-src")[0]
        assert "//" not in response.text.replace("</", "")
        for link in re.findall(r'(?:src|href)="([^"]+)"', response.text):
            if not link.startswith("data:"):
                assert door.get(f"/{link}").status_code == 200


def test_an_unknown_address_is_404_and_an_unknown_method_405(door: Door) -> None:
    for path in ("/nothing", "/v1/clean/", "/v1/labels/x", "/docs/../settings", "/docs/x.js", "/%00", "/é"):
        problem_of(door.get(path), 404, "not-found")
    response = door.get("/v1/clean")
    problem_of(response, 405, "method-not-allowed")
    assert response.headers["allow"] == "POST"
    response = door.ask("DELETE", "/v1/labels")
    problem_of(response, 405, "method-not-allowed")
    assert response.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "path", ["/", "/livez", "/docs", "/docs/swagger-ui.css", "/openapi.json", "/v1/labels", "/v1/version",
             "/problems/internal", "/nothing", "/v1/clean"],
)  # fmt: skip
def test_head_is_get_without_the_body(door: Door, path: str) -> None:
    got, told = door.get(path), door.ask("HEAD", path)
    assert told.content == b""
    assert told.status_code == got.status_code
    names = ("content-type", "content-length", "etag", "allow", "content-security-policy")
    assert [told.headers.get(name) for name in names] == [got.headers.get(name) for name in names]


def test_head_needs_a_key_as_get_does() -> None:
    assert Door(api_keys="one").ask("HEAD", "/v1/labels").status_code == 401


def test_every_problem_type_has_a_page(door: Door) -> None:
    for kind in ProblemType:
        response = door.get(kind)
        assert response.status_code == 200, kind
        assert response.headers["content-type"].startswith("text/html")
        assert kind in response.text
    assert "<h1>A key is needed</h1>" in door.get("/problems/unauthorized").text
    problem_of(door.get("/problems/unheard-of"), 404, "not-found")


class TestRequestId:
    """X-Request-Id."""

    @pytest.mark.parametrize("path", ["/livez", "/nothing", "/v1/clean", "/v1/labels"])
    def test_it_comes_back(self, door: Door, path: str) -> None:
        response = door.get(path, {"X-Request-Id": "crawl-7:page/12"})
        assert response.headers["x-request-id"] == "crawl-7:page/12"
        assert response.headers["x-content-type-options"] == "nosniff"

    @pytest.mark.parametrize("given", ["", "a b", "x" * 129, "<script>", "{}", "id\tid", "é"])
    def test_a_strange_one_is_replaced(self, door: Door, given: str) -> None:
        response = door.ask("GET", "/livez", headers=[(b"x-request-id", given.encode())])  # type: ignore[list-item]
        assert re.fullmatch("[0-9a-f]{32}", response.headers["x-request-id"])

    def test_a_new_one_is_made_for_each_request(self, door: Door) -> None:
        ids = {door.get("/livez").headers["x-request-id"] for _ in range(5)}
        assert len(ids) == 5


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Door:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("secret words of the page")

    monkeypatch.setattr(service.http.answer, "analyse", fail)
    return Door()


class TestFaults:
    """What nobody foresaw."""

    def test_is_a_500_that_tells_nothing(self, broken: Door, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.DEBUG):
            response = broken.clean(b"secret words of the page", {**TEXT, "X-Request-Id": "fault-1"})
        problem_of(response, 500, "internal")
        assert "secret" not in response.text
        assert "secret" not in caplog.text
        assert "ValueError" in caplog.text
        assert "fault-1" in caplog.text

    def test_no_page_text_is_logged(self, door: Door, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.DEBUG):
            door.clean(b"secret words of the page", {**TEXT, "Content-Location": "https://secret.example/"})
            door.clean(b'{"secret": 1}', {"Content-Type": "application/json"})
        assert "secret" not in caplog.text
        assert "POST /v1/clean 200" in caplog.text
        assert "POST /v1/clean 422" in caplog.text

    def test_a_client_that_leaves_is_no_fault(self, door: Door, caplog: pytest.LogCaptureFixture) -> None:
        async def receive() -> MutableMapping[str, Any]:
            return {"type": "http.disconnect"}

        async def send(_: MutableMapping[str, Any]) -> None:
            pass

        scope = {
            "type": "http", "method": "POST", "path": "/v1/clean", "raw_path": b"/v1/clean",
            "query_string": b"", "root_path": "", "scheme": "http", "http_version": "1.1", "headers": [],
            "asgi": {"version": "3.0"},
        }  # fmt: skip
        with caplog.at_level(logging.ERROR):
            anyio.run(door.app, scope, receive, send)
        assert not caplog.records


@pytest.fixture(scope="session")
def told(door: Door) -> dict[str, Any]:
    told: dict[str, Any] = door.get("/openapi.json").json()
    return told


class TestDescription:
    """/openapi.json."""

    def test_every_address_is_told(self, told: dict[str, Any]) -> None:
        assert set(told["paths"]) == {
            "/v1/clean", "/v1/labels", "/v1/version", "/livez", "/readyz", "/metrics",
            "/v1/clean/batch",
        }  # fmt: skip

    def test_every_body_and_option_of_clean_is_told(self, told: dict[str, Any]) -> None:
        clean = told["paths"]["/v1/clean"]["post"]
        assert set(clean["requestBody"]["content"]) == {
            "text/plain", "text/html", "application/xhtml+xml", "application/octet-stream",
            "application/json",
        }  # fmt: skip
        assert {one["name"] for one in clean["parameters"]} == {
            "profile", "offsets", "segments", "minScore", "rendered", "require",
            "Content-Location", "Content-Language", "X-Source-Status", "X-Request-Id", "traceparent",
            "Content-Encoding",
        }  # fmt: skip
        assert set(clean["responses"]["200"]["content"]) == {
            "application/json", "text/plain", "text/markdown", "application/ld+json",
        }  # fmt: skip

    def test_every_error_is_told_with_schema_and_example(self, told: dict[str, Any]) -> None:
        clean = told["paths"]["/v1/clean"]["post"]["responses"]
        assert set(clean) == {
            "200", "400", "401", "404", "405", "406", "408", "413", "415", "422", "431", "500", "503",
        }  # fmt: skip
        for operation in _operations(told):
            for status, response in operation["responses"].items():
                assert response["description"]
                if status != "200":
                    content = response["content"]["application/problem+json"]
                    assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
                    assert content["examples"]
                    for example in content["examples"].values():
                        assert example["value"]["status"] == int(status)

    def test_keys_are_told_of_where_there_are_any(self, told: dict[str, Any]) -> None:
        assert "securitySchemes" not in told["components"]
        locked = Door(api_keys="one").get("/openapi.json").json()
        schemes = locked["components"]["securitySchemes"]
        assert {(one["type"], one.get("scheme"), one.get("name")) for one in schemes.values()} == {
            ("http", "bearer", None), ("apiKey", None, "X-Api-Key"),
        }  # fmt: skip
        for path, operations in locked["paths"].items():
            for operation in operations.values():
                needed = [set(one) for one in operation.get("security", [])]
                assert needed == ([{name} for name in schemes] if path.startswith("/v1/") else [])
                assert ("401" in operation["responses"]) == path.startswith("/v1/")

    def test_every_reference_leads_somewhere(self, told: dict[str, Any]) -> None:
        schemas = told["components"]["schemas"]
        for name in re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(told)):
            assert name in schemas
        assert {"Result", "Problem", "CleanRequest", "LabelInfo", "Version"} <= set(schemas)

    def test_every_example_of_a_request_is_taken(self, door: Door, told: dict[str, Any]) -> None:
        for media, body in told["paths"]["/v1/clean"]["post"]["requestBody"]["content"].items():
            examples = [body["example"]] if "example" in body else []
            examples += [one["value"] for one in body.get("examples", {}).values()]
            for example in examples:
                content = example if isinstance(example, str) else json.dumps(example)
                assert door.clean(content.encode(), {"Content-Type": media}).status_code == 200


def _operations(told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in told["paths"].values():
        yield from path.values()


def test_a_fault_after_the_answer_began_is_left_to_the_server(caplog: pytest.LogCaptureFixture) -> None:
    async def app(_: Any, __: Any, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError

    sent: list[str] = []

    async def send(message: Any) -> None:
        sent.append(message["type"])

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    with caplog.at_level(logging.ERROR):
        anyio.run(RequestContext(app, Metrics()), scope, receive, send)
    assert sent == ["http.response.start"]
    assert "RuntimeError" in caplog.text
