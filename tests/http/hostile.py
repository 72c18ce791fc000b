"""Bad input, as a table: what is sent, and which answers will do. `test_hostile.py` sends it to a running server.

Every page holds `SECRET`, which no error may repeat. Sizes are chosen so that the whole table is sent within
a minute or two; `tests/evaluation/load.py` has the heavy ones.
"""

import base64
import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import brotli
from backports import zstd

from tests.http.wire import HALF_CLOSE, HalfClose, request

SECRET = "zanzibar-417"
SENTENCE = f"Bread prices rose on Monday, {SECRET} said, for the third time this year. "
PAGE = SENTENCE.encode() * 3
MIB = 1024 * 1024
LIMIT = 10 * MIB
TEXT = {"Content-Type": "text/plain"}
HTML = {"Content-Type": "text/html"}
JSON = {"Content-Type": "application/json"}
NDJSON = {"Content-Type": "application/x-ndjson"}
CLEAN = "/v1/clean"
OK = (200,)
REFUSED = (400,)
WORKED = (200, 422, 503)
"""Heavy pages: done, stopped by a limit, or put off where the machine has no processor for them."""


@dataclass(frozen=True)
class Case:
    """What is sent on one connection, and the statuses that the first answer may have."""

    group: str
    name: str
    parts: tuple[bytes | HalfClose, ...]
    statuses: tuple[int, ...]
    method: str = "POST"


def cases() -> Iterator[Case]:
    """The table."""
    yield from _sizes()
    yield from _codings()
    yield from _charsets()
    yield from _unicode()
    yield from _shapes()
    yield from _bait()
    yield from _media()
    yield from _json()
    yield from _batches()
    yield from _framing()
    yield from _lines()
    yield from _heads()


def _page(
    group: str,
    name: str,
    body: bytes,
    headers: dict[str, str],
    statuses: tuple[int, ...] = OK,
    query: str = "",
) -> Case:
    return Case(group, name, (request(CLEAN + query, body, headers),), statuses)


def _raw(name: str, statuses: tuple[int, ...], *parts: bytes | HalfClose, method: str = "POST") -> Case:
    return Case("framing", name, parts, statuses, method)


def _sizes() -> Iterator[Case]:
    for size in (0, 1, 2, 3):
        yield _page("size", f"{size} bytes", b"a" * size, TEXT)
    yield _page("size", "one byte over the limit", b"a" * (LIMIT + 1), TEXT, (413,))
    yield _page("size", "a megabyte over the limit", b"a" * (LIMIT + MIB), TEXT, (413,))
    yield _page("size", "a megabyte of one letter", b"a" * MIB, TEXT, WORKED)
    yield _page("size", "a megabyte of line breaks", b"\n" * MIB, TEXT, WORKED)
    yield _page("size", "a megabyte of spaces", b" " * MIB, TEXT, WORKED)
    yield _page("size", "20,000 lines", f"{SECRET}\n".encode() * 20_000, TEXT, WORKED)
    yield _page("size", "one line of 300 kB", PAGE * 1400, TEXT, WORKED)
    announced = b"POST /v1/clean HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n%s\r\n"
    yield Case("size", "10 GB announced", (announced % (10**10, b""),), (413,))
    yield Case(
        "size", "10 GB announced, asking first", (announced % (10**10, b"Expect: 100-continue\r\n"),), (413,)
    )
    yield Case("size", "a length beyond any number", (announced % (10**30, b""),), (400, 413))
    chunk = b"100000\r\n" + b"a" * MIB + b"\r\n"
    head = b"POST /v1/clean HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    yield Case("size", "chunks over the limit", (head, chunk * 11), (413,))


def _codings() -> Iterator[Case]:
    packed = gzip.compress(PAGE)
    zeros = b"\0" * (100 * MIB)
    bombs = {
        "gzip": gzip.compress(zeros),
        "deflate": zlib.compress(zeros),
        "br": brotli.compress(zeros, quality=1),
        "zstd": zstd.compress(zeros),
    }
    for coding, bomb in bombs.items():
        yield _page("coding", f"{coding} bomb", bomb, {**TEXT, "Content-Encoding": coding}, (413,))
        yield _page("coding", f"{coding} that is none", PAGE, {**TEXT, "Content-Encoding": coding}, REFUSED)
        cut = bomb[: len(bomb) // 2]
        yield _page("coding", f"{coding} cut in half", cut, {**TEXT, "Content-Encoding": coding}, (400, 413))
    twice = {**TEXT, "Content-Encoding": "gzip, gzip"}
    yield _page("coding", "a bomb in a bomb", gzip.compress(bombs["gzip"]), twice, (413,))
    yield _page(
        "coding", "four codings", packed, {**TEXT, "Content-Encoding": "gzip, gzip, gzip, gzip"}, (415,)
    )
    yield _page("coding", "a coding of nowhere", packed, {**TEXT, "Content-Encoding": "lzma"}, (415,))
    yield _page("coding", "a thousand codings", packed, {**TEXT, "Content-Encoding": "gzip," * 1000}, (415,))
    yield _page("coding", "gzip unannounced", packed, TEXT)
    yield _page("coding", "a thousand members", packed * 1000, {**TEXT, "Content-Encoding": "gzip"}, WORKED)
    empty = gzip.compress(b"") * 20_000
    yield _page("coding", "20,000 empty members", empty, {**TEXT, "Content-Encoding": "gzip"})


def _charsets() -> Iterator[Case]:
    names = (
        "utf-8", "us-ascii", "utf-16", "utf-32", "utf-7", "idna", "punycode", "zip", "rot13", "unicode_escape", "hex",
        "cp65001", "mbcs", "x" * 5000, "..", "../../etc/passwd", "%s%n", "é", "\\", '"', "'", ";", "",
    )  # fmt: skip
    for name in names:
        yield _page(
            "charset", f"charset {name[:20]!r}", PAGE, {"Content-Type": f"text/plain; charset={name}"}
        )
    for name in ("windows-1256", "iso-8859-6", "shift_jis", "gb18030", "iso-2022-jp", "utf-16le", "utf-32be"):
        body = bytes(range(256)) * 40
        yield _page("charset", f"every byte as {name}", body, {"Content-Type": f"text/plain; charset={name}"})
    meta = b'<meta charset="' + b"a" * 5000 + b'">' + PAGE
    yield _page("charset", "a long charset in the page", meta, HTML)
    yield _page("charset", "a thousand charsets in the page", b"<meta charset=utf-16>" * 1000 + PAGE, HTML)
    yield _page("charset", "a mark of UTF-16 and nothing", b"\xff\xfe", TEXT)
    yield _page("charset", "UTF-16 cut in a unit", SENTENCE.encode("utf-16")[:-1], TEXT)
    yield _page("charset", "UTF-32 of large numbers", b"\xff\xfe\0\0" + b"\xff\xff\xff\x7f" * 1000, TEXT)
    yield _page("charset", "half surrogates", b"\xed\xa0\x80" * 10_000 + PAGE, TEXT)
    yield _page("charset", "overlong UTF-8", b"\xc0\xaf" * 10_000 + PAGE, TEXT)
    yield _page("charset", "200 kB of noise", bytes((n * 7919) % 256 for n in range(200_000)), TEXT)


def _unicode() -> Iterator[Case]:
    marks = {
        "marks on one letter": "a" + "\u0301" * 100_000,
        "direction overrides": "\u202e\u2066" * 20_000,
        "isolates never closed": "\u2068" * 50_000 + SENTENCE,
        "tag characters": "".join(chr(0xE0000 + n % 128) for n in range(20_000)),
        "noncharacters": "\uffff\ufffe\U0010ffff" * 5000,
        "private use": "\ue000\uf8ff\U000f0000" * 5000,
        "emoji families": "👨‍👩‍👧‍👦" * 5000,
        "flags": "🇦" * 20_000,
        "zero width": "\u200b\u200c\u200d\u2060\ufeff" * 10_000 + SENTENCE,
        "line breaks of every kind": "a\u2028b\u2029c\x85d\x0be\x0cf\r" * 5000,
        "one long Arabic word": "ﷺ" * 50_000,
        "Arabic with every mark": "ال\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652" * 5000,
        "Thai without spaces": "ภาษาไทย" * 10_000,
        "Hangul letters": "\u1100\u1161\u11a8" * 20_000,
        "letters that grow": "ßŉǰΐ\ufb03" * 10_000,
        "mathematical letters": "𝐁𝐫𝐞𝐚𝐝" * 10_000,
        "controls": "".join(map(chr, range(32))) * 500 + SENTENCE,
        "controls of the second kind": "".join(map(chr, range(0x7F, 0xA0))) * 500 + SENTENCE,
        "escape sequences": "\x1b[2J\x1b]0;title\x07" * 500 + SENTENCE,
        "a NUL between letters": "\0".join(SENTENCE * 20),
    }
    for name, text in marks.items():
        yield _page("unicode", name, text.encode(), TEXT, WORKED)


def _shapes() -> Iterator[Case]:
    shapes = {
        "a million attributes": b"<p " + b"a=1 " * 1_000_000 + b">" + PAGE,
        "a million different attributes": b"<p "
        + b" ".join(b"a%d" % n for n in range(300_000))
        + b">"
        + PAGE,
        "an attribute of a megabyte": b'<p title="' + b"a" * MIB + b'">' + PAGE,
        "a tag that never ends": b"<p " + b"a" * MIB,
        "100,000 open tags": b"<div>" * 100_000 + PAGE,
        "100,000 closed tags": b"</div>" * 100_000 + PAGE,
        "nested tables": b"<table><tr><td>" * 20_000 + PAGE,
        "nested lists": b"<ul><li>" * 20_000 + PAGE,
        "nested formatting": b"<b><i><a href=x>" * 20_000 + PAGE,
        "misnested formatting": b"<b><i></b></i>" * 20_000 + PAGE,
        "nested forms and buttons": b"<form><button>" * 10_000 + PAGE,
        "SVG in MathML in SVG": b"<svg><foreignObject><math><annotation-xml>" * 5000 + PAGE,
        "templates in templates": b"<template>" * 20_000 + PAGE,
        "a comment without end": b"<!--" + b"-" * MIB,
        "100,000 comments": b"<!---->" * 100_000 + PAGE,
        "a script without end": b"<script>" + b"var a = 1;\n" * 50_000,
        "CDATA": b"<![CDATA[" * 50_000 + PAGE,
        "entities": b"&#x0;&#xD800;&#x110000;&#99999999999;&amp" * 10_000,
        "one long entity": b"&" + b"a" * MIB,
        "a billion laughs": b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]><p>&c;</p>' + PAGE,
        "an external entity": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><p>&b;</p>' + PAGE,
        "a doctype of a megabyte": b"<!doctype " + b"a" * MIB + b">" + PAGE,
        "a frame of itself": b'<iframe src="http://127.0.0.1/"></iframe><base href="file:///">' * 1000 + PAGE,
        "less-than signs": b"<" * MIB,
        "NULs in tags": b"<p\0 a\0=\0>" * 20_000 + PAGE,
        "50,000 links": b'<a href="/x">more</a> ' * 50_000,
        "20,000 paragraphs": b"<p>" + SENTENCE.encode() + b"</p>",
        "JSON-LD that never closes": b'<script type="application/ld+json">'
        + b'[{"a":' * 100_000
        + b"</script>",
    }
    for name, body in shapes.items():
        yield _page("shape", name, body, HTML, WORKED)


def _bait() -> Iterator[Case]:
    baits = {
        "dates": "1.1.1.1.1.1." * 20_000,
        "digits": "1" * 300_000,
        "bylines": "by by by " * 30_000,
        "bars": "|" * 300_000,
        "bars and spaces": " | " * 100_000,
        "tabs": "\t" * 300_000,
        "commas": "a," * 100_000,
        "hash signs": "#a " * 50_000,
        "at signs": "@" * 100_000 + " @a.b" * 20_000,
        "addresses": "https://" * 40_000,
        "colons": "10:10:" * 40_000,
        "brackets": "[(" * 100_000,
        "braces": "{{" * 100_000 + "}}" * 50_000,
        "dots": "." * 300_000,
        "dashes": "—-–" * 60_000,
        "quotes": "»«„“" * 40_000,
        "backslashes": "\\" * 300_000,
        "carriage returns": "a\r" * 100_000,
        "read also": "اقرأ أيضا: " * 20_000,
        "cookies": "accept all cookies " * 15_000,
        "a line again and again": (SENTENCE + "\n") * 4000,
        "lines that almost repeat": "".join(f"{SENTENCE}{n}\n" for n in range(3000)),
        "mojibake": "Ø§Ù„Ø¹Ø±Ø¨ÙŠØ©" * 8000,
    }
    for name, text in baits.items():
        yield _page("bait", name, text.encode(), TEXT, WORKED)


def _media() -> Iterator[Case]:
    png = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + bytes(range(256)) * 40
    yield _page("media", "PNG as text", png, TEXT)
    yield _page("media", "PNG as HTML", png, HTML)
    yield _page("media", "PNG as PNG", png, {"Content-Type": "image/png"}, (415,))
    yield _page("media", "PDF as text", b"%PDF-1.7\n" + bytes(range(256)) * 100, TEXT)
    yield _page(
        "media",
        "ZIP as bytes",
        b"PK\3\4" + bytes(range(256)) * 100,
        {"Content-Type": "application/octet-stream"},
    )
    yield _page("media", "XML", PAGE, {"Content-Type": "application/xml"}, (415,))
    yield _page("media", "a form", PAGE, {"Content-Type": "multipart/form-data; boundary=a"}, (415,))
    yield _page("media", "no type", PAGE, {})
    yield _page("media", "an empty type", PAGE, {"Content-Type": ""})
    yield _page("media", "a type of nothing", PAGE, {"Content-Type": "/"}, (415,))
    yield _page("media", "a type of slashes", PAGE, {"Content-Type": "/" * 5000}, (415,))
    yield _page("media", "a thousand parameters", PAGE, {"Content-Type": "text/plain" + ";a=b" * 1000})
    yield _page("media", "a thousand forms", PAGE, {**TEXT, "Accept": "a/b," * 5000}, (406,))
    yield _page("media", "qualities", PAGE, {**TEXT, "Accept": "text/plain;q=" + "9" * 5000}, (200, 406))
    yield _page("media", "an unknown option", PAGE, TEXT, REFUSED, "?a=" + SECRET)
    yield _page("media", "a value it has not", PAGE, TEXT, REFUSED, "?profile=" + SECRET)
    yield _page("media", "an option twice", PAGE, TEXT, REFUSED, "?profile=news&profile=news")
    yield _page("media", "a thousand options", PAGE, TEXT, REFUSED, "?" + "a=1&" * 2000)
    yield _page("media", "a strange score", PAGE, TEXT, REFUSED, "?minScore=nan")
    yield _page("media", "percent signs", PAGE, TEXT, REFUSED, "?%00%ff%zz=%")
    yield _page("media", "a source status of words", PAGE, {**TEXT, "X-Source-Status": "ok"}, REFUSED)
    yield _page(
        "media", "a long address", PAGE, {**TEXT, "Content-Location": "http://a/" + "b" * 9000}, REFUSED
    )


def _json() -> Iterator[Case]:
    bodies = {
        "nothing": b"",
        "half an object": b'{"text": "' + PAGE,
        "a list": b"[1]",
        "a number": b"1",
        "NaN": b'{"text": NaN}',
        "UTF-16": json.dumps({"text": SENTENCE}).encode("utf-16"),
        "Latin-1": '{"text": "é"}'.encode("latin-1"),
        "backslashes without end": b'{"text": "' + b"\\" * MIB,
        "a string without end": b'{"text": "' + b"a" * MIB,
        "100,000 levels": b"[" * 100_000,
        "100,000 levels in the page's name": b'{"text":' * 100_000,
        "a million members": b"{" + b'"a":1,' * 1_000_000 + b"}",
        "a number of a megabyte": b'{"status": ' + b"9" * MIB + b"}",
        "an exponent": b'{"status": 1e999999999}',
        "the same name twice": b'{"text": "a", "text": "b"}',
        "two objects": b'{"text": "a"}{"text": "b"}',
    }
    for name, body in bodies.items():
        yield _page("json", name, body, JSON, (400, 422))
    shapes: dict[str, object] = {
        "no content": {}, "two contents": {"text": "a", "html": "b"}, "an unknown member": {"text": "a", "b": 1},
        "a number as text": {"text": 1}, "a list as text": {"text": [SENTENCE]}, "null": {"text": None},
        "base64 that is none": {"contentBase64": "!" + SECRET}, "a long id": {"text": "a", "id": "b" * 1000},
        "a status of 0": {"text": "a", "status": 0}, "a media type": {"contentBase64": "", "contentType": "image/png"},
    }  # fmt: skip
    for name, shape in shapes.items():
        yield _page("json", name, json.dumps(shape).encode(), JSON, (422,))
    for name, text in {"half characters": "\ud800 \udc00", "NULs": "\0\x1b[0m", "an empty page": ""}.items():
        yield _page("json", name, json.dumps({"text": text, "id": text}).encode(), JSON)
    packed = base64.b64encode(bytes(range(256)) * 100).decode()
    yield _page("json", "bytes of every kind", json.dumps({"contentBase64": packed}).encode(), JSON)


def _batches() -> Iterator[Case]:
    line = json.dumps({"text": SENTENCE}).encode() + b"\n"
    bodies: dict[str, tuple[bytes, tuple[int, ...]]] = {
        "nothing": (b"", OK),
        "empty lines": (b"\n" * 50_000, OK),
        "too many lines": (b"\n" * 200_000, OK),
        "lines of nonsense": (b"nonsense\n" * 200, OK),
        "a bad line among good ones": (line + b"{\n" + line, OK),
        "a line of 11 MB": (b'{"text": "' + b"a" * (11 * MIB) + b'"}\n' + line, OK),
        "NULs": (b"\0" * 10_000 + b"\n" + line, OK),
        "no end": (line[:-3], OK),
    }
    for name, (body, statuses) in bodies.items():
        yield Case("batch", name, (request("/v1/clean/batch", body, NDJSON),), statuses)
    bomb = gzip.compress(b"a" * (100 * MIB))
    packed = {**NDJSON, "Content-Encoding": "gzip"}
    yield Case("batch", "a bomb", (request("/v1/clean/batch", bomb, packed),), OK)
    yield Case("batch", "gzip that is none", (request("/v1/clean/batch", line, packed),), REFUSED)
    yield Case("batch", "JSON", (request("/v1/clean/batch", line, JSON),), (415,))


def _framing() -> Iterator[Case]:
    post = b"POST /v1/clean HTTP/1.1\r\nHost: a\r\n"
    chunked = post + b"Transfer-Encoding: chunked\r\n\r\n"
    smuggled = b"0\r\n\r\nGET /livez HTTP/1.1\r\nHost: a\r\n\r\n"
    yield _raw(
        "length and chunks",
        REFUSED,
        post + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + smuggled,
    )
    yield _raw(
        "chunks and length",
        REFUSED,
        post + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n" + smuggled,
    )
    yield _raw("two lengths", REFUSED, post + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!")
    yield _raw(
        "the same length twice", REFUSED, post + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"
    )
    yield _raw("two lengths in one", REFUSED, post + b"Content-Length: 5, 6\r\n\r\nhello!")
    yield _raw("the same length twice in one", REFUSED, post + b"Content-Length: 5, 5\r\n\r\nhello")
    yield _raw("a length with a plus", REFUSED, post + b"Content-Length: +5\r\n\r\nhello")
    yield _raw("a length below zero", REFUSED, post + b"Content-Length: -5\r\n\r\nhello")
    yield _raw("a length in hex", REFUSED, post + b"Content-Length: 0x5\r\n\r\nhello")
    yield _raw("a length in Arabic digits", REFUSED, post + "Content-Length: ٥\r\n\r\nhello".encode())
    yield _raw(
        "an unknown transfer coding", REFUSED, post + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + smuggled
    )
    yield _raw(
        "chunked twice",
        REFUSED,
        post + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + smuggled,
    )
    yield _raw("chunked with a tab", REFUSED, post + b"Transfer-Encoding: \x0bchunked\r\n\r\n" + smuggled)
    yield _raw("a space before the colon", REFUSED, post + b"Content-Length : 5\r\n\r\nhello")
    yield _raw("a folded field", REFUSED, post + b"X-A: b\r\n c\r\nContent-Length: 0\r\n\r\n")
    yield _raw("bare line feeds", REFUSED, b"POST /v1/clean HTTP/1.1\nHost: a\nContent-Length: 0\n\n")
    yield _raw("a bare carriage return", REFUSED, post + b"X-A: b\rContent-Length: 5\r\n\r\nhello")
    yield _raw("a NUL in a field", REFUSED, post + b"X-A: b\0c\r\nContent-Length: 0\r\n\r\n")
    yield _raw("no host", REFUSED, b"POST /v1/clean HTTP/1.1\r\nContent-Length: 0\r\n\r\n")
    yield _raw("two hosts", REFUSED, post + b"Host: b\r\nContent-Length: 0\r\n\r\n")
    yield _raw("HTTP/2 without asking", REFUSED, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
    yield _raw("HTTP/9.9", REFUSED, b"POST /v1/clean HTTP/9.9\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
    yield _raw("HTTP/0.9", REFUSED, b"GET /livez\r\n\r\n")
    yield _raw(
        "chunks in HTTP/1.0",
        REFUSED,
        b"POST /v1/clean HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    )
    yield _raw("nonsense", REFUSED, b"nonsense\r\n\r\n")
    yield _raw("TLS", REFUSED, b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03" + bytes(500) + b"\r\n\r\n")
    yield _raw("a chunk that is none", REFUSED, chunked + b"xyz\r\nhello\r\n0\r\n\r\n")
    yield _raw("a chunk below zero", REFUSED, chunked + b"-1\r\nhello\r\n0\r\n\r\n")
    yield _raw(
        "a chunk of 2^70 bytes", REFUSED, chunked + b"4" + b"0" * 18 + b"\r\nhello\r\n0\r\n\r\n", HALF_CLOSE
    )
    yield _raw("a chunk longer than it says", REFUSED, chunked + b"3\r\nhello\r\n0\r\n\r\n")
    yield _raw("crumbs", REFUSED, chunked + b"1\r\na\r\n" * 20_000 + b"0\r\n\r\n")
    yield _raw(
        "a chunk extension of 100 kB",
        (200, 400, 413, 431),
        chunked + b"5;a=" + b"b" * 100_000 + b"\r\nhello\r\n0\r\n\r\n",
    )
    yield _raw(
        "trailers of 100 kB", (400, 431), chunked + b"5\r\nhello\r\n0\r\n" + b"X-A: b\r\n" * 15_000 + b"\r\n"
    )
    padded = (b"1;a=" + b"b" * 10_000 + b"\r\na\r\n") * 300
    yield _raw("3 MB of chunk extensions", REFUSED, chunked + padded + b"0\r\n\r\n")
    yield _raw("chunks", OK, chunked + b"5\r\nhello\r\n1;a=b\r\n!\r\n0\r\nX-A: b\r\n\r\n")
    yield _raw("a body that breaks off", REFUSED, post + b"Content-Length: 50\r\n\r\nhello", HALF_CLOSE)
    yield _raw("chunks that break off", REFUSED, chunked + b"5\r\nhel", HALF_CLOSE)
    yield _raw("a head that breaks off", REFUSED, post + b"Content-", HALF_CLOSE)
    yield _raw("half closed", OK, post + b"Content-Length: 5\r\n\r\nhello", HALF_CLOSE)
    yield _raw("HTTP/1.0", OK, b"POST /v1/clean HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello")
    yield _raw("empty lines before", (200, 400), b"\r\n\r\n" + post + b"Content-Length: 5\r\n\r\nhello")
    yield _raw("asking first", OK, post + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello")
    yield _raw(
        "a websocket",
        OK,
        post + b"Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 5\r\n\r\nhello",
    )
    yield _raw(
        "HTTP/2 by upgrade",
        OK,
        post + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nContent-Length: 5\r\n\r\nhello",
    )


def _lines() -> Iterator[Case]:
    """Framing again: where a line ends, and how its target and its chunks are written."""
    post = b"POST /v1/clean HTTP/1.1\r\nHost: a\r\n"
    chunked = post + b"Transfer-Encoding: chunked\r\n\r\n"
    yield _raw(
        "the address in full",
        OK,
        b"POST http://a/v1/clean HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
    )
    yield _raw("bare line feeds between chunks", REFUSED, chunked + b"5\nhello\n0\n\n")
    yield _raw("a bare line feed in a trailer", REFUSED, chunked + b"5\r\nhello\r\n0\r\nX-A: b\n\r\n")
    yield _raw("a chunk in hex with its mark", REFUSED, chunked + b"0x5\r\nhello\r\n0\r\n\r\n")
    yield _raw("a chunk with a plus", REFUSED, chunked + b"+5\r\nhello\r\n0\r\n\r\n")


def _heads() -> Iterator[Case]:
    get = b"GET %s HTTP/1.1\r\nHost: a\r\n%s\r\n"
    for name, fields in {
        "a field of 100 kB": b"X-A: " + b"b" * 100_000 + b"\r\n",
        "a name of 100 kB": b"a" * 100_000 + b": b\r\n",
        "101 fields": b"".join(b"X-%d: b\r\n" % n for n in range(101)),
        "100,000 fields": b"X-A: b\r\n" * 100_000,
        "cookies of 40 kB": b"Cookie: " + b"a=b; " * 8000 + b"\r\n",
    }.items():
        yield Case("head", name, (get % (b"/livez", fields),), (431,), "GET")
    yield Case("head", "an address of 100 kB", (get % (b"/" + b"a" * 100_000, b""),), (431,), "GET")
    for path in (
        b"/nothing",
        b"/v1/clean/",
        b"//",
        b"/%2e%2e/etc/passwd",
        b"/docs/../../etc/passwd",
        b"/docs/%00",
        b"/%ff",
    ):
        yield Case("head", f"the address {path.decode()}", (get % (path, b""),), (404,), "GET")
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "GET", "BREW"):
        yield Case("head", f"the method {method}", (request(CLEAN, b"", {}, method),), (404, 405), method)
    yield Case("head", "the method CONNECT", (b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",), REFUSED, "GET")
    yield Case(
        "head",
        "a method of 5 kB",
        (b"A" * 5000 + b" /livez HTTP/1.1\r\nHost: a\r\n\r\n",),
        (400, 404, 405),
        "GET",
    )
    yield Case(
        "head", "a request id of markup", (get % (b"/livez", b"X-Request-Id: <script>\r\n"),), OK, "GET"
    )
    yield Case("head", "a trace that is none", (get % (b"/livez", b"traceparent: 00-0-0-0\r\n"),), OK, "GET")
    yield Case("head", "bytes beyond ASCII", (get % (b"/livez", b"X-A: \xff\xfe\r\n"),), OK, "GET")
