"""Bodies that were not meant well: each has an answer of the right kind, in strict JSON."""

import gzip
import json
import re
import zlib
from typing import Any

import pytest

from tests.http.door import HTML, JSON, TEXT, Door, problem_of

MIB = 1024 * 1024
PNG = (
    bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de")
    + bytes(range(256)) * 40
)
SENTENCE = "Bread prices rose on Monday for the third time this year, the ministry said. "

ANSWERED: dict[str, tuple[bytes, dict[str, str]]] = {
    "empty": (b"", TEXT),
    "one byte": (b"a", TEXT),
    "one byte that is no text": (b"\xff", TEXT),
    "one NUL": (b"\0", TEXT),
    "white space": (b" \n\t\r\n" * 100, TEXT),
    "NULs": (b"\0" * 10_000, TEXT),
    "NULs in a sentence": (SENTENCE.replace(" ", "\0").encode(), TEXT),
    "every byte": (bytes(range(256)) * 4, TEXT),
    "every control character": (bytes(range(32)) * 10 + SENTENCE.encode() + b"\x7f\xc2\x80\xc2\x9f", TEXT),
    "PNG sent as text": (PNG, TEXT),
    "PNG sent as HTML": (PNG, HTML),
    "PNG sent as bytes": (PNG, {"Content-Type": "application/octet-stream"}),
    "gzip sent without saying so": (gzip.compress(SENTENCE.encode()), TEXT),
    "surrogates in UTF-8": (b"a \xed\xa0\x80 b", TEXT),
    "overlong UTF-8": (b"a \xc0\xaf b", TEXT),
    "cut in a character": ("غربال".encode()[:-1], TEXT),
    "UTF-16 with a mark": (SENTENCE.encode("utf-16"), TEXT),
    "UTF-16 cut in a unit": (SENTENCE.encode("utf-16")[:-1], TEXT),
    "UTF-32": (SENTENCE.encode("utf-32"), TEXT),
    "a lying charset": ("غربال الخبز".encode(), {"Content-Type": "text/plain; charset=us-ascii"}),
    "a charset of nowhere": (SENTENCE.encode(), {"Content-Type": "text/plain; charset=klingon"}),
    "a charset that is a codec": (SENTENCE.encode(), {"Content-Type": "text/plain; charset=zip"}),
    "a charset as long as a page": (SENTENCE.encode(), {"Content-Type": "text/plain; charset=" + "a" * 9000}),
    "a charset of marks": (SENTENCE.encode(), {"Content-Type": 'text/plain; charset="\\"; x"'}),
    "direction overrides": ("\u202e\u2066" * 1000 + SENTENCE, TEXT),  # type: ignore[dict-item]
    "tag characters": ("".join(chr(0xE0000 + n) for n in range(128)) * 10, TEXT),  # type: ignore[dict-item]
    "noncharacters": ("\uffff\ufffe\U0010ffff" * 100, TEXT),  # type: ignore[dict-item]
    "marks on one letter": ("a" + "\u0301" * 20_000, TEXT),  # type: ignore[dict-item]
    "one emoji family": ("👨‍👩‍👧‍👦" * 2000, TEXT),  # type: ignore[dict-item]
    "100,000 newlines": (b"\n" * 100_000, TEXT),
    "carriage returns": (b"\r" * 10_000, TEXT),
    "one line of 200 kB": ((SENTENCE * 2600).encode(), TEXT),
    "one word of 200 kB": (b"a" * 200_000, TEXT),
    "markup that never ends": (b"<div" * 10_000, HTML),
    "markup nested 5,000 levels": (b"<div>" * 5000, HTML),
    "10,000 attributes": (b"<p " + b"a=1 " * 10_000 + b">text</p>", HTML),
    "comments": (b"<!--" * 5000, HTML),
    "entities": (b"&#x0;&#xD800;&#x110000;&amp" * 1000, HTML),
    "NULs in markup": (b"<p>\0a\0</p>\0" * 100, HTML),
    "half characters in JSON": (rb'{"text": "\ud800 \udc00\ud800 a", "id": "\udfff"}', JSON),
    "control characters in JSON": (rb'{"text": "\u0000\u001b[0m \u0085", "id": "\u0000\u007f\b"}', JSON),
    "half an address in JSON": (rb'{"text": "a", "url": "\ud800\u0001", "charset": "\u0000"}', JSON),
}  # fmt: skip
LARGE: dict[str, bytes] = {
    "10^6 newlines": b"\n" * 1_000_000,
    "one line of 5 MB": (SENTENCE * (5_000_000 // len(SENTENCE))).encode(),
    "one word of 5 MB": b"a" * 5_000_000,
    # one word to the eye, of which each part opens a notice
    "a glued word of 1 MB": ("الموقع" * 80_000).encode(),
    "20,000 short lines": b"news\n" * 20_000,
}


@pytest.mark.parametrize("name", ANSWERED)
@pytest.mark.parametrize("query", ["", "?segments=all&offsets=utf16&rendered=true", "?offsets=byte"])
def test_has_a_result(door: Door, name: str, query: str) -> None:
    body, headers = ANSWERED[name]
    response = door.clean(body if isinstance(body, bytes) else body.encode(), headers, query)
    assert response.status_code == 200, response.text[:500]
    check_strict(response.content)


@pytest.mark.parametrize("name", LARGE)
def test_large_has_a_result(door: Door, name: str) -> None:
    response = door.clean(LARGE[name], TEXT, "?segments=none")
    assert response.status_code == 200, response.text[:500]
    check_strict(response.content)


@pytest.mark.parametrize(
    ("body", "headers", "status", "kind"),
    [
        pytest.param(b"a" * (11 * MIB), TEXT, 413, "too-large", id="11 MiB"),
        pytest.param(b"a" * (10 * MIB + 1), TEXT, 413, "too-large", id="the limit and one byte"),
        pytest.param(
            gzip.compress(b"\0" * (100 * MIB)), {**TEXT, "Content-Encoding": "gzip"}, 413, "too-large",
            id="gzip bomb",
        ),
        pytest.param(
            gzip.compress(SENTENCE.encode())[:-9], {**TEXT, "Content-Encoding": "gzip"}, 400,
            "bad-content-coding", id="gzip cut short",
        ),
        pytest.param(
            zlib.compress(SENTENCE.encode()), {**TEXT, "Content-Encoding": "gzip"}, 400,
            "bad-content-coding", id="another coding than it says",
        ),
        pytest.param(PNG, {"Content-Type": "image/png"}, 415, "unsupported-media-type", id="PNG"),
        pytest.param(b"%PDF-", {"Content-Type": "application/pdf"}, 415, "unsupported-media-type", id="PDF"),
        pytest.param(b"{", JSON, 400, "malformed-json", id="broken JSON"),
        pytest.param(b"\0", JSON, 400, "malformed-json", id="NUL as JSON"),
        pytest.param(b'{"text": "' + b"a" * (11 * MIB), JSON, 413, "too-large", id="11 MiB of JSON"),
        pytest.param(b'{"text": "' + b"\\" * MIB, JSON, 400, "malformed-json", id="backslashes without end"),
        pytest.param(b'{"text": "' + b"a" * MIB, JSON, 400, "malformed-json", id="a string without end"),
        pytest.param(b'{"text": 1}', JSON, 422, "schema-mismatch", id="wrong shape"),
    ],
)  # fmt: skip
def test_is_refused(door: Door, body: bytes, headers: dict[str, str], status: int, kind: str) -> None:
    problem_of(door.clean(body, headers), status, kind)


def check_strict(content: bytes) -> None:
    """UTF-8, JSON, and no control character in it, written out or escaped, but line breaks and tabs."""
    text = content.decode()
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", text)
    for value in _strings(json.loads(text, parse_constant=pytest.fail)):
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]", value), value[:100]


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [found for part in value.values() for found in _strings(part)]
    if isinstance(value, list):
        return [found for part in value for found in _strings(part)]
    return []
