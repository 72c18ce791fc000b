"""bytes -> decoded text.

The evidence, strongest first: a byte order mark, the pattern of NUL bytes in UTF-16 and UTF-32, the escapes
of ISO-2022-JP, valid UTF-8, what was declared, the charset whose reading looks like language, windows-1252.
A declared charset that reads anything, as single-byte ones do, is believed only while no other reading is
clearly better language: servers label windows-1256 and windows-1251 pages as ISO-8859-1 every day.
"""

import codecs
import re
from dataclasses import dataclass
from typing import Final

import charset_normalizer

from schemas.result import Encoding, EncodingSource
from service.charsets import CANDIDATES, known, rank, read, sample
from service.document import Decoded, MediaKind
from service.mojibake import repair

REPLACED_BYTES: Final = "replaced-invalid-bytes"
REPLACED_SURROGATES: Final = "replaced-lone-surrogates"

_BOMS: Final = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32le"),
    (codecs.BOM_UTF32_BE, "utf-32be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16le"),
    (codecs.BOM_UTF16_BE, "utf-16be"),
)


def decode(body: bytes, *, content_type: str | None = None, charset: str | None = None) -> Decoded:
    """Decode a page; total over all bytes and strings, deterministic, linear in the body.

    `content_type` is the media type as in the HTTP header, with or without its charset parameter;
    `charset` is a hint that goes before it. Line breaks, NULs and all else stay as they were, only a
    byte order mark goes and damage that is certain is mended.
    """
    declared = _declared(body, content_type, charset)
    if _has_magic(body):
        return _decoded(_read_binary(body), MediaKind.BINARY, declared)
    reading = _read(body, declared)
    if _is_noise(body, reading):
        return _decoded(_read_binary(body), MediaKind.BINARY, declared)
    text, repairs = repair(reading.text)
    kind = MediaKind.HTML if _is_html(text, content_type) else MediaKind.TEXT
    mended = _Reading(text.removeprefix("\ufeff"), reading.charset, reading.source, reading.repairs + repairs)
    return _decoded(mended, kind, declared)


def as_bytes(body: object) -> bytes:
    """A page as the bytes it came in. TypeError for all else: only its reader knows the bytes of a str."""
    if isinstance(body, bytes):
        return body
    if isinstance(body, bytearray | memoryview):
        return bytes(body)
    hint = "; encode it, as in page.encode()" if isinstance(body, str) else ""
    raise TypeError(f"clean takes bytes, not {type(body).__name__}{hint}")


def from_text(text: str, *, html: bool) -> Decoded:
    """The same for characters instead of bytes; `html` is what the caller says they are.

    Lone surrogates, which JSON can carry and UTF-8 cannot, become U+FFFD.
    """
    sound, repairs = text, tuple[str, ...]()
    if _SURROGATE.search(text):
        sound, repairs = _SURROGATE.sub("\ufffd", text), (REPLACED_SURROGATES,)
    mended, undone = repair(sound)
    kind = MediaKind.HTML if html else MediaKind.TEXT
    return _decoded(_Reading(mended, "utf-8", EncodingSource.TEXT, repairs + undone), kind, ())


_SURROGATE: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class _Reading:
    """Text by one charset, and the evidence for it."""

    text: str
    charset: str
    source: EncodingSource
    repairs: tuple[str, ...] = ()


def _decoded(reading: _Reading, kind: MediaKind, declared: tuple[str, ...]) -> Decoded:
    used = reading.charset if reading.source is EncodingSource.DECLARED else None
    shown = next((label for label in declared if used and known(label) == used), None)
    encoding = Encoding(
        charset=reading.charset,
        source=reading.source,
        declared=shown or next(iter(declared), None),
        repairs=reading.repairs,
    )
    return Decoded(reading.text, kind, encoding)


# What was declared.

_CHARSET_PARAMETER = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,>]+)", re.IGNORECASE)
_META = re.compile(rb"<meta[\s/][^>]{0,1000}?charset\s*=\s*[\"']?\s*([^\s\"';/>]{1,100})", re.IGNORECASE)
_XML = re.compile(rb"^\s{0,100}<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"'>]{1,100})[\"']", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_PRESCAN = 4096  # bytes in which a page's own declaration counts


def _declared(body: bytes, content_type: str | None, charset: str | None) -> tuple[str, ...]:
    """Every label that was declared, as written, by rank: the caller's, the header's, the page's own."""
    labels = [charset or ""]
    found = _CHARSET_PARAMETER.search((content_type or "")[:1024])
    labels.append(found[1] if found else "")
    if _essence(content_type) != "text/plain":
        start = body[:_PRESCAN].removeprefix(codecs.BOM_UTF8)
        inside = (_XML.search(start), _META.search(_COMMENT.sub(b"", start)))
        labels += [own[1].decode("ascii", "ignore") for own in inside if own]
    clean = ("".join(c for c in label[:256] if c.isprintable()).strip()[:64] for label in labels)
    return tuple(dict.fromkeys(label for label in clean if label))


def _essence(content_type: str | None) -> str:
    return (content_type or "")[:256].split(";")[0].strip().lower()


# Reading.


def _read(body: bytes, declared: tuple[str, ...]) -> _Reading:
    names = tuple(dict.fromkeys(name for label in declared if (name := known(label)) is not None))
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _reading(body[len(mark) :], name, EncodingSource.BOM)
    wide = _nul_pattern(body)
    if wide is not None:
        return _reading(body, wide, EncodingSource.DECLARED if wide in names else EncodingSource.NUL_PATTERN)
    if _is_escaped_japanese(body, names):
        source = EncodingSource.DECLARED if "iso-2022-jp" in names else EncodingSource.DETECTED
        return _reading(body, "iso-2022-jp", source)
    try:
        return _Reading(body.decode("utf-8"), "utf-8", EncodingSource.VALID_UTF8)
    except UnicodeDecodeError:
        pass
    if _mostly_utf8(body):
        source = EncodingSource.DECLARED if "utf-8" in names else EncodingSource.DETECTED
        return _reading(body, "utf-8", source)
    return _read_legacy(body, names)


def _is_escaped_japanese(body: bytes, names: tuple[str, ...]) -> bool:
    """ISO-2022-JP, which is valid UTF-8 too: declared, or with its escapes to two-byte sets amid ASCII."""
    escaped = b"\x1b" in body if "iso-2022-jp" in names else body.isascii() and _TO_KANJI.search(body)
    return bool(escaped) and read(body, "iso-2022-jp")[1] == 0


_TO_KANJI: Final = re.compile(rb"\x1b\$[@B](?:[!-~]{2})+\x1b\([BJ]")


def _reading(body: bytes, charset: str, source: EncodingSource) -> _Reading:
    text, replaced = read(body, charset)
    # a U+FFFD that the page itself wrote is no repair of ours
    honest = body.count("\ufffd".encode(charset)) if charset.startswith("utf-") and replaced else 0
    return _Reading(text, charset, source, (REPLACED_BYTES,) if replaced > honest else ())


def _nul_pattern(body: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: NULs on one side of each unit only, and text when read so.

    On a paragraph in each of 30 languages, those with spaces have 17 % of NULs or more on the high side and
    at most a tenth of that on the low one. Thai and Chinese have 1 % and less: without a mark or a
    declaration they are not recognised.
    """
    if len(body) < 4 or b"\x00" not in body:
        return None
    start = body[: 1 << 16]
    start = start[: len(start) // 4 * 4] or start
    nuls = [start[at::4].count(0) / len(start[at::4]) for at in range(4)]
    if min(nuls[2:]) > 0.99 and nuls[0] < 0.1:
        name = "utf-32le"
    elif min(nuls[:2]) > 0.99 and nuls[3] < 0.1:
        name = "utf-32be"
    else:
        even, odd = (nuls[0] + nuls[2]) / 2, (nuls[1] + nuls[3]) / 2
        if odd > 0.03 and even < 0.1 * odd:
            name = "utf-16le"
        elif even > 0.03 and odd < 0.1 * even:
            name = "utf-16be"
        else:
            return None
    text = read(start, name)[0]
    return name if _odd_share(text) < 0.02 else None


def _mostly_utf8(body: bytes) -> bool:
    """UTF-8 with a few bad bytes: cut in the middle of its last character, or damaged on the way.

    In legacy text of 30 languages at most 28 % of the sequences (Thai; else 22 %) are UTF-8 by chance; 71 %
    are asked for here, or 83 % where all are of two bytes, which chance makes more easily.
    """
    if len(body) > _GLIMPSE and not _mostly_utf8(body[:_GLIMPSE]):
        return False
    text = body.decode("utf-8", "replace")
    invalid = text.count("\ufffd") - body.count(b"\xef\xbf\xbd")
    beyond = len(text) - text.count("\ufffd") - len(body.translate(None, _HIGH_BYTES))
    longer = len(body.translate(None, _NOT_LONG_LEADS))
    if invalid == 0:
        return True
    if invalid == 1 and _cut_tail(body):
        return beyond >= 1
    return beyond + min(longer, beyond) >= 5 * invalid and beyond >= 2


_GLIMPSE: Final = 1 << 17  # bytes; legacy text shows within them
_HIGH_BYTES: Final = bytes(range(0x80, 0x100))
_NOT_LONG_LEADS: Final = bytes(b for b in range(256) if not 0xE0 <= b <= 0xF4)


def _cut_tail(body: bytes) -> bool:
    """Whether the body ends within a character."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(body)
    except UnicodeDecodeError:
        return False
    return bool(decoder.getstate()[0])


# Bits for each byte outside ASCII: paragraphs in 30 languages have -2.0 to -5.1, random ones -7.5 to -8.4.
_LANGUAGE = -6.9


def _read_legacy(body: bytes, names: tuple[str, ...]) -> _Reading:
    stretch = sample(body)
    wide = [name for name in names if name.startswith(("utf-16", "utf-32"))]
    for name in wide:
        text, replaced = read(body, name)
        if replaced == 0 and _odd_share(text[:4000]) < 0.02 and _one_script(text[:4000]):
            return _Reading(text, name, EncodingSource.DECLARED)
    usable = tuple(n for n in names if not n.startswith("utf-") and n != "iso-2022-jp")
    bits, best = rank(stretch, usable)[0]
    if best in usable:
        return _reading(body, best, EncodingSource.DECLARED)
    if bits >= _LANGUAGE:
        return _reading(body, best, EncodingSource.DETECTED)
    for name in usable:
        if read(body, name)[1] == 0:
            return _reading(body, name, EncodingSource.DECLARED)
    guess = charset_normalizer.from_bytes(stretch[:4096]).best()
    guessed = known(guess.encoding.replace("_", "-")) if guess is not None else None
    if guessed in CANDIDATES:
        return _reading(body, guessed, EncodingSource.DETECTED)
    return _reading(body, "windows-1252", EncodingSource.FALLBACK)


def _one_script(text: str) -> bool:
    """Whether letters come from few blocks, as in text, and not from everywhere, as in misread bytes."""
    pages = [ord(c) >> 8 for c in text if c.isalpha()]
    han = sum(0x4E <= page <= 0x9F for page in pages)
    return len(set(pages)) <= 6 + (16 if han > 0.9 * len(pages) else 0)


# Binary.

_MAGIC: Final = (
    b"%PDF-", b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"\x1f\x8b\x08", b"PK\x03\x04",
    b"PK\x05\x06", b"\x28\xb5\x2f\xfd", b"\xfd7zXZ\x00", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"wOFF",
    b"wOF2", b"\x00\x01\x00\x00\x00", b"OTTO\x00", b"ttcf\x00", b"ID3\x02", b"ID3\x03", b"ID3\x04",
    b"OggS\x00", b"fLaC\x00",
    b"\x7fELF", b"\xca\xfe\xba\xbe", b"SQLite format 3\x00", b"\x00asm", b"WARC/1.", b"WARC/0.",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"II*\x00", b"MM\x00*", b"8BPS\x00", b"\x1a\x45\xdf\xa3", b"FLV\x01",
    b"\x00\x00\x00\x0cjP  ", b"!<arch>\n", b"Cr24\x02", b"Cr24\x03",
)  # fmt: skip
_CONTROLS: Final = bytes([*range(0x09), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F])
_NOT_CONTROLS: Final = bytes(sorted(set(range(256)) - set(_CONTROLS)))


def _has_magic(body: bytes) -> bool:
    return (
        body.startswith(_MAGIC)
        or (body.startswith(b"RIFF") and body[8:12] in (b"WEBP", b"WAVE", b"AVI "))
        or (body[4:8] == b"ftyp" and body[:2] == b"\x00\x00")
        or re.match(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)", body) is not None
        or (re.match(rb"\xff[\xfb\xf3\xf2][\x10-\xeb]", body) is not None and b"\x00" in body[:4096])
        or body[257:262] == b"ustar"
    )


def _is_noise(body: bytes, reading: _Reading) -> bool:
    """Control characters that no text has: 3 % of it and four at least.

    Random bytes have 10 % of them, compressed ones likewise; among 9,775 page dumps not one has any.
    """
    if reading.charset.startswith(("utf-16", "utf-32")):
        return _odd_share(reading.text) > 0.1
    return len(body.translate(None, _NOT_CONTROLS)) > max(3, 0.03 * len(body))


def _odd_share(text: str) -> float:
    """Share of code points that are controls, unassigned, private or replaced, in a bounded sample."""
    part = text[:20_000]
    odd = sum(not (c.isprintable() or c.isspace()) or c == "\ufffd" for c in part)
    return odd / max(1, len(part))


def _read_binary(body: bytes) -> _Reading:
    name = "utf-8" if body.isascii() or _mostly_utf8(body) else "windows-1252"
    text, replaced = read(body, name)
    return _Reading(text, name, EncodingSource.FALLBACK, (REPLACED_BYTES,) if replaced else ())


# HTML or text.

_HTML_TYPES: Final = ("text/html", "application/xhtml+xml")
_SNIFFED: Final = ("", "application/octet-stream", "binary/octet-stream", "text/xml", "application/xml")
_TEXT_TYPES = re.compile(r"text/|application/(?:[\w.-]+\+)?(?:json|yaml|javascript)")
_PREAMBLE = re.compile(r"(?:\s+|<!--.*?-->|<\?.*?>)*", re.DOTALL)
_OPENS_HTML = re.compile(
    r"<(?:!doctype\s+html|html|head|body|title|meta|link|script|style|iframe|div|p|table|h[1-6]|font|a|b|br|"
    r"center|span|section|article|header|footer|main|nav|ul|ol|img|form|noscript|base)[\s/>]",
    re.IGNORECASE,
)
_CLOSES = re.compile(
    r"</(?:p|div|span|a|li|ul|ol|td|tr|table|h[1-6]|body|html|section|article)\s*>", re.IGNORECASE
)
_SNIFF = 1 << 16  # code points


def _is_html(text: str, content_type: str | None) -> bool:
    """Whether to parse tags: as declared, else by the way the text begins or by its closing tags.

    One closing tag in 120 characters, and six of them: of the tutorials on HTML in the development sets,
    the one with the most markup has one in 121.
    """
    essence = _essence(content_type)
    if essence in _HTML_TYPES:
        return True
    if essence not in _SNIFFED and _TEXT_TYPES.match(essence):
        return False
    start = text[:_SNIFF]
    preamble = _PREAMBLE.match(start)
    if _OPENS_HTML.match(start, preamble.end() if preamble else 0):
        return True
    closing = sum(1 for _ in _CLOSES.finditer(start))
    return closing >= 6 and closing * 120 >= len(start)
