"""What may be sent to `POST /v1/clean`, and what comes back."""

import json
from base64 import b64encode

import pytest

from schemas import CleanRequest, Result
from tests.http.door import HTML, JSON, TEXT, Door, problem_of

PAGE = "Bread prices rose on Monday for the third time this year, the ministry said.\n"
MARKUP = f"<!doctype html><html><body><p>{PAGE}</p></body></html>"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        pytest.param(TEXT, PAGE, id="text"),
        pytest.param({"Content-Type": "TEXT/Plain;Charset=UTF-8"}, PAGE, id="type in capitals"),
        pytest.param({"Content-Type": 'text/plain; charset="utf-8"'}, PAGE, id="charset in quotes"),
        pytest.param(HTML, MARKUP, id="html"),
        pytest.param({"Content-Type": "application/xhtml+xml"}, MARKUP, id="xhtml"),
        pytest.param({"Content-Type": "application/octet-stream"}, PAGE, id="bytes"),
        pytest.param({}, PAGE, id="no type"),
        pytest.param({"Content-Type": ""}, PAGE, id="empty type"),
        pytest.param(JSON, json.dumps({"text": PAGE}), id="text in an envelope"),
        pytest.param(JSON, json.dumps({"html": MARKUP}), id="html in an envelope"),
        pytest.param(JSON, json.dumps({"contentBase64": b64encode(PAGE.encode()).decode()}), id="base64"),
        pytest.param(JSON, "\ufeff" + json.dumps({"text": PAGE}), id="envelope after a BOM"),
    ],
)
def test_a_page_comes_back_as_a_result(door: Door, headers: dict[str, str], body: str) -> None:
    response = door.clean(body.encode(), headers)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    result = Result.model_validate_json(response.content)
    assert "Bread prices rose on Monday" in result.article.articleBody
    assert response.headers["x-decision"] == result.verdict.decision
    assert response.headers["x-page-type"] == result.verdict.pageType
    assert float(response.headers["x-quality-score"]) == pytest.approx(result.quality.score, abs=1e-4)


def test_an_envelope_says_who_and_where_and_is_told_so(door: Door) -> None:
    envelope = {"text": PAGE, "id": "page-7", "url": "https://example.org/a", "language": "en", "status": 200}
    result = door.clean(json.dumps(envelope).encode(), JSON).json()
    assert result["id"] == "page-7"
    assert result["article"]["url"] == "https://example.org/a"


def test_headers_say_where_the_page_is_from(door: Door) -> None:
    headers = {**TEXT, "Content-Location": "https://example.org/é", "X-Source-Status": "404"}
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    response = door.clean(PAGE.encode(), raw)  # type: ignore[arg-type]
    assert response.json()["article"]["url"] == "https://example.org/é"


@pytest.mark.parametrize("status", ["abc", "99", "600", "2e2", "٢٠٠", "", "-200"])
def test_a_source_status_must_be_one(door: Door, status: str) -> None:
    response = door.clean(b"x", [(b"X-Source-Status", status.encode())])  # type: ignore[list-item]
    problem_of(response, 400, "bad-request")


def test_the_language_of_a_raw_page_is_a_hint(door: Door) -> None:
    def language(header: str) -> str | None:
        found: str | None = door.clean(b"a", {**TEXT, "Content-Language": header}).json()["article"][
            "inLanguage"
        ]
        return found

    assert language("de-AT") == "de-AT"
    assert language("de, fr") is None
    assert language("") is None
    detail = problem_of(door.clean(b"a", {"Content-Language": "en_US"}), 400, "bad-request")["detail"]
    assert "Content-Language" in detail


@pytest.mark.parametrize("score", ["nan", "inf", "-inf"])
def test_a_score_is_a_finite_number(door: Door, score: str) -> None:
    detail = problem_of(door.clean(b"a", TEXT, f"?minScore={score}"), 400, "bad-option")["detail"]
    assert "finite" in detail


def test_an_address_of_more_than_4096_characters_is_refused(door: Door) -> None:
    detail = problem_of(door.clean(b"x", {"Content-Location": "a" * 4097}), 400, "bad-request")["detail"]
    assert "4097" in detail
    assert "4096" in detail


@pytest.mark.parametrize(
    "media",
    [
        "image/png",
        "multipart/form-data; boundary=x",
        "text/markdown",
        "nonsense",
        "text/plain, text/html",
        "/",
    ],
)
def test_other_media_types_are_415_and_the_answer_says_which_are_taken(door: Door, media: str) -> None:
    response = door.clean(b"x", {"Content-Type": media})
    problem_of(response, 415, "unsupported-media-type")
    for taken in ("text/plain", "text/html", "application/xhtml+xml", "application/json"):
        assert taken in response.headers["accept-post"]


class TestOptions:
    """The query."""

    def test_segments_are_those_not_kept_unless_asked_otherwise(self, door: Door) -> None:
        body = f"Accept all cookies\n\n{PAGE}".encode()
        complete = door.clean(body, query="?segments=all").json()["segments"]
        default = door.clean(body).json()["segments"]
        assert default == [segment for segment in complete if segment["action"] != "kept"]
        assert door.clean(body, query="?segments=removed").json()["segments"] == default
        assert door.clean(body, query="?segments=none").json()["segments"] == []

    def test_the_rendering_of_a_page_comes_on_request(self, door: Door) -> None:
        assert door.clean(MARKUP.encode(), HTML).json()["renderedText"] is None
        rendered = door.clean(MARKUP.encode(), HTML, "?rendered=true").json()["renderedText"]
        assert PAGE.strip() in rendered
        assert door.clean(PAGE.encode(), TEXT, "?rendered=true").json()["renderedText"] is None

    @pytest.mark.parametrize("unit", ["codepoint", "utf16", "byte"])
    def test_offsets_count_the_unit_asked(self, door: Door, unit: str) -> None:
        result = door.clean(PAGE.encode(), query=f"?offsets={unit}").json()
        assert result["accounting"]["offsetUnit"] == unit

    @pytest.mark.parametrize("profile", ["generic", "news", "strict", "recall"])
    def test_the_profile_is_part_of_the_answer(self, door: Door, profile: str) -> None:
        result = door.clean(PAGE.encode(), query=f"?profile={profile}").json()
        assert result["engine"]["profile"] == profile

    @pytest.mark.parametrize(
        ("query", "named"),
        [
            ("?profile=bold", ["profile", "generic", "news", "strict", "recall"]),
            ("?offsets=char", ["offsets", "codepoint", "utf16", "byte"]),
            ("?segments=some", ["segments", "all", "removed", "none"]),
            ("?minScore=2", ["minScore", "1"]),
            ("?minScore=-0.1", ["minScore", "0"]),
            ("?minScore=nan", ["minScore"]),
            ("?minScore=0_1", ["minScore"]),
            ("?minScore=much", ["minScore"]),
            ("?rendered=perhaps", ["rendered"]),
            ("?profil=news", ["profil", "profile", "offsets", "segments", "minScore", "rendered"]),
            ("?profile=news&profile=strict", ["profile", "more than once"]),
            ("?profile=", ["profile", "generic"]),
        ],
    )
    def test_what_is_not_an_option_is_400_and_the_answer_names_what_is(
        self, door: Door, query: str, named: list[str]
    ) -> None:
        detail = problem_of(door.clean(PAGE.encode(), query=query), 400, "bad-option")["detail"]
        for name in named:
            assert name in detail

    def test_a_long_option_name_is_not_echoed_whole(self, door: Door) -> None:
        problem_of(door.clean(b"x", query="?" + "a" * 20_000 + "=1"), 400, "bad-option")


class TestForms:
    """The Accept header."""

    @pytest.mark.parametrize(
        ("accept", "media"),
        [
            ("*/*", "application/json"),
            ("application/*", "application/json"),
            ("application/json", "application/json"),
            ("APPLICATION/JSON", "application/json"),
            ("text/plain", "text/plain; charset=utf-8"),
            ("text/*", "text/plain; charset=utf-8"),
            ("text/markdown", "text/markdown; charset=utf-8"),
            ("application/ld+json", "application/ld+json"),
            ("text/html, text/markdown;q=0.5", "text/markdown; charset=utf-8"),
            ("application/json;q=0.2, text/plain;q=0.9", "text/plain; charset=utf-8"),
            ("application/json;q=0, */*", "text/plain; charset=utf-8"),
            ("text/plain;q=0.5, */*;q=0.1", "text/plain; charset=utf-8"),
            ("nonsense, text/plain", "text/plain; charset=utf-8"),
            ("", "application/json"),
        ],
    )
    def test_the_client_gets_the_form_it_likes_best(self, door: Door, accept: str, media: str) -> None:
        response = door.clean(PAGE.encode(), {**TEXT, "Accept": accept})
        assert response.status_code == 200
        assert response.headers["content-type"] == media
        assert response.headers["vary"] == "Accept"
        assert response.headers["x-decision"]

    @pytest.mark.parametrize(
        "accept", ["image/png", "text/html", "application/json;q=0", "nonsense", "*/*;q=0"]
    )
    def test_a_client_that_takes_none_of_them_gets_406(self, door: Door, accept: str) -> None:
        detail = problem_of(door.clean(PAGE.encode(), {"Accept": accept}), 406, "not-acceptable")["detail"]
        assert "text/markdown" in detail

    def test_plain_text_is_the_article_body(self, door: Door) -> None:
        response = door.clean(PAGE.encode(), {**TEXT, "Accept": "text/plain"})
        assert response.text == door.clean(PAGE.encode()).json()["article"]["articleBody"] + "\n"

    def test_json_ld_is_a_news_article(self, door: Door) -> None:
        told = door.clean(PAGE.encode(), {**TEXT, "Accept": "application/ld+json"}).json()
        assert told["@context"] == "https://schema.org"
        assert told["@type"] == "NewsArticle"
        assert told["articleBody"] == PAGE.strip()
        assert None not in told.values()


class TestEnvelopes:
    """JSON that is not JSON is 400, JSON of the wrong shape is 422."""

    @pytest.mark.parametrize(
        ("body", "hint"),
        [
            (b"", "line 1"),
            (b"{", "line 1"),
            (b'{"text": "a"', "line 1"),
            (b'{"text": "a"} x', "Extra data"),
            (b"{'text': 'a'}", "line 1"),
            (b'{"text": "a\nb"}', "control character"),
            (b'{"text": "\\q"}', "escape"),
            (b'{"text": "a", "status": NaN}', "NaN"),
            (b'{"text": "a", "status": -Infinity}', "Infinity"),
            (b'{"text": "a", "status": 1e999}', "too large"),
            (b'{"text": "a", "status": ' + b"9" * 5000 + b"}", "digits"),
            (b'{"text": "a", "text": "b"}', "twice"),
            (b'{"text": "\xff"}', "UTF-8"),
            (b'{"text": "\xed\xa0\x80"}', "UTF-8"),
            (b"\xff\xfe{\x00}\x00", "UTF-8"),
            (b"[" * 1000 + b"]" * 1000, "32 levels"),
            (b"[" * 100_000, "32 levels"),
            (b'{"a":' * 100_000, "32 levels"),
            (b"[" + b"0," * 20_000 + b"0]", "10000 values"),
            (b"[" + b"[]," * 20_000 + b"0]", "10000 values"),
        ],
    )
    def test_what_is_not_json(self, door: Door, body: bytes, hint: str) -> None:
        assert hint in problem_of(door.clean(body, JSON), 400, "malformed-json")["detail"]

    @pytest.mark.parametrize(
        ("envelope", "fields"),
        [
            ([], ["(whole body)"]),
            ("page", ["(whole body)"]),
            (None, ["(whole body)"]),
            ({}, ["(whole body)"]),
            ({"text": "a", "html": "b"}, ["(whole body)"]),
            ({"text": 1}, ["text"]),
            ({"text": ["\ud800"]}, ["text"]),
            ({"text": "a", "colour": "red", "size": 1}, ["colour", "size"]),
            ({"text": "a", "status": 99}, ["status"]),
            ({"text": "a", "status": "x", "url": 1, "id": []}, ["status", "url", "id"]),
            ({"text": "a", "id": "x" * 257}, ["id"]),
            ({"contentBase64": "%%%"}, ["contentBase64"]),
            ({"contentBase64": "abc"}, ["contentBase64"]),
            ({"contentBase64": "é"}, ["contentBase64"]),
            ({"contentBase64": "YQ==", "contentType": "image/png"}, ["contentType"]),
            ({"text": "a", "contentType": "text/html"}, ["text", "contentType"]),
            ({"text": "a", "contentType": "application/xhtml+xml; charset=utf-8"}, ["text", "contentType"]),
            ({"html": "a", "contentType": "text/plain"}, ["html", "contentType"]),
            *(
                ({"text": "a", "language": tag}, ["language"])
                for tag in ("english", "en_US", "", "e", "en-", "é")
            ),
        ],
    )
    def test_the_wrong_shape_names_every_failed_field(
        self, door: Door, envelope: object, fields: list[str]
    ) -> None:
        told = problem_of(door.clean(json.dumps(envelope).encode(), JSON), 422, "schema-mismatch")
        assert sorted(error["field"] for error in told["errors"]) == sorted(fields)
        for error in told["errors"]:
            assert f"{error['field']}: {error['message']}" in told["detail"]

    def test_an_unknown_name_is_answered_with_the_known(self, door: Door) -> None:
        told = problem_of(door.clean(b'{"text": "a", "colour": 1}', JSON), 422, "schema-mismatch")
        for name in CleanRequest.model_fields:
            assert name in told["errors"][0]["message"]

    @pytest.mark.parametrize(
        "envelope",
        [
            {"text": "a", "contentType": "text/plain"},
            {"html": "<p>a", "contentType": "text/html"},
            {"html": "<p>a", "contentType": "application/octet-stream"},
            *({"text": "a", "language": tag} for tag in ("en", "pt-BR", "zh-Hant-TW", "de-DE-u-co-phonebk")),
        ],
    )
    def test_what_agrees_is_taken(self, door: Door, envelope: object) -> None:
        assert door.clean(json.dumps(envelope).encode(), JSON).status_code == 200

    def test_what_was_sent_is_not_echoed(self, door: Door) -> None:
        envelope = {"text": "a", "url": "secret" * 5000, **{f"{n}" + "name" * 500: "v" for n in range(200)}}
        response = door.clean(json.dumps(envelope).encode(), JSON)
        problem_of(response, 422, "schema-mismatch")
        assert "secret" not in response.text

    def test_half_characters_become_the_replacement_character(self, door: Door) -> None:
        body = b'{"text": "Bread \\ud83d rose, \\ud83c\\udf5e too.", "id": "\\udc00"}'
        response = door.clean(body, JSON, "?segments=all&offsets=utf16")
        assert response.status_code == 200
        result = response.json()
        assert result["article"]["articleBody"] == "Bread \ufffd rose, \N{BREAD} too."
        assert result["id"] == "\ufffd"


def test_an_empty_body_is_an_answer(door: Door) -> None:
    for headers in (TEXT, HTML, {}, {**TEXT, "Content-Encoding": "gzip"}):
        response = door.clean(b"", headers)
        assert response.status_code == 200
        assert response.json()["verdict"]["pageType"] == "empty"


def test_min_score_asks_for_a_review_of_what_would_be_accepted(door: Door) -> None:
    page = (
        PAGE * 3 + "\n" + "The price of flour has doubled since January, bakers in the capital say.\n"
    ) * 2
    plain = door.clean(page.encode()).json()
    asked = door.clean(page.encode(), query="?minScore=1").json()
    codes = [reason["code"] for reason in asked["verdict"]["reasons"]]
    if plain["verdict"]["decision"] == "accept" and plain["quality"]["score"] < 1:
        assert asked["verdict"]["decision"] == "review"
        assert "below_min_score" in codes
    else:
        assert asked["verdict"] == plain["verdict"]
