"""A stored file -> pieces of what it decompresses to, frame by frame.

Archives are compressed a record a frame (a gzip member, a zstd frame), so that a reader can begin at any
record and go on after a broken one. What is not compressed is one frame.
"""

import re
import sys
import zlib
from typing import BinaryIO, Final

from service.batch.found import Broken, Fault, Place

if sys.version_info >= (3, 14):  # pragma: no cover
    from compression import zstd
else:
    from backports import zstd

PIECE: Final = 64 * 1024
"""Bytes read, and decompressed, at a time."""
_GZIP: Final = b"\x1f\x8b\x08"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_SKIPPABLE: Final = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")
_DICTIONARY: Final = b"\x5d\x2a\x4d\x18"
"""The skippable frame that holds a .warc.zst's dictionary (iipc.github.io/warc-specifications)."""
_MAX_DICTIONARY: Final = 16 * 1024 * 1024
_MAX_WINDOW: Final = 27
"""2**27 bytes: what the zstd command takes without being asked."""
_TRIED: Final = 4096
"""Compressed bytes a place is judged by."""


class Frames:
    """Reads a seekable file frame by frame: `begin`, then `read` until it returns nothing, and so on."""

    def __init__(self, file: BinaryIO) -> None:
        """Tell the compression by the first bytes."""
        self._file = file
        self._raw = b""
        self._at = 0
        """Where `_raw` begins in the file."""
        self._decoder: zlib._Decompress | zstd.ZstdDecompressor | None = None
        self._full = False
        """Whether zlib may hold back output that fitted no piece."""
        self._dictionary: zstd.ZstdDict | None = None
        self.start = 0
        """Where the current frame begins in the file."""
        head = self._peek(4)
        self.gzip = head.startswith(_GZIP)
        self.zstd = head == _ZSTD or _SKIPPABLE.match(head) is not None
        if head == _DICTIONARY:
            self._read_dictionary()

    @property
    def plain(self) -> bool:
        """Whether the file is not compressed."""
        return not (self.gzip or self.zstd)

    def seek(self, offset: int) -> None:
        """Go on at this byte of the file, where a frame begins."""
        self._file.seek(offset)
        self._raw, self._at = b"", offset
        self._decoder = None

    def begin(self) -> bool:
        """Begin the next frame. False at the end of the file; Broken where no frame begins."""
        self._pass_padding()
        self.start = self._at
        head = self._peek(4)
        if not head:
            return False
        if self.gzip:
            if not head.startswith(_GZIP[: len(head)]):
                raise Broken(Fault.CORRUPT, "No gzip member begins here.")
            self._decoder, self._full = zlib.decompressobj(31), False
        elif self.zstd:
            if head != _ZSTD:
                raise Broken(Fault.CORRUPT, "No zstd frame begins here.")
            self._decoder = self._zstd()
        return True

    def read(self) -> bytes:
        """The next piece of the frame; empty at its end. Broken where it is corrupt or cut short."""
        if self.plain:
            raw, self._raw = self._raw or self._file.read(PIECE), b""
            self._at += len(raw)
            return raw
        decoder = self._decoder
        piece = b""
        while decoder is not None and not piece and not decoder.eof:
            starved = decoder.needs_input if isinstance(decoder, zstd.ZstdDecompressor) else not self._full
            if not self._raw and starved:
                self._raw = self._file.read(PIECE)
                if not self._raw:
                    self._decoder = None
                    raise Broken(Fault.TRUNCATED, "The file ends before this frame's end mark.")
            piece = self._decompress(decoder)
        return piece

    def search(self, begins_with: bytes) -> bool:
        """Look for a frame after the start of this one whose content begins so. False where none follows."""
        if self.plain:
            return False
        magic = _GZIP if self.gzip else _ZSTD
        at = self.start + 1
        tail = b""
        self._file.seek(at)
        while data := self._file.read(PIECE * 16):
            window = tail + data
            base = at - len(tail)
            at += len(data)
            hit = window.find(magic)
            while hit >= 0:
                if self._opens(base + hit, begins_with):
                    self.seek(base + hit)
                    return True
                hit = window.find(magic, hit + 1)
            self._file.seek(at)
            tail = window[-(len(magic) - 1) :]
        self.seek(at)
        return False

    def _opens(self, offset: int, begins_with: bytes) -> bool:
        self._file.seek(offset)
        data = self._file.read(_TRIED)
        try:
            if self.gzip:
                head = zlib.decompressobj(31).decompress(data, len(begins_with))
            else:
                head = self._zstd().decompress(data, len(begins_with))
        except (zlib.error, zstd.ZstdError):
            return False
        return head == begins_with

    def _decompress(self, decoder: "zlib._Decompress | zstd.ZstdDecompressor") -> bytes:
        given = len(self._raw)
        try:
            piece = decoder.decompress(self._raw, PIECE)
        except (zlib.error, zstd.ZstdError):
            self._decoder = None
            raise Broken(Fault.CORRUPT, "This frame does not decompress.") from None
        if isinstance(decoder, zstd.ZstdDecompressor):
            rest = decoder.unused_data if decoder.eof else b""
        else:
            rest = decoder.unused_data if decoder.eof else decoder.unconsumed_tail
        self._full = len(piece) == PIECE
        self._at += given - len(rest)
        self._raw = rest
        return piece

    def _zstd(self) -> zstd.ZstdDecompressor:
        limits = {int(zstd.DecompressionParameter.window_log_max): _MAX_WINDOW}
        return zstd.ZstdDecompressor(self._dictionary, options=limits)

    def _pass_padding(self) -> None:
        """Zeros between gzip members, and zstd frames that are to be skipped."""
        while self.gzip and self._peek(1) == b"\0":
            kept = self._raw.lstrip(b"\0")
            self._at += len(self._raw) - len(kept)
            self._raw = kept
        while self.zstd and _SKIPPABLE.match(self._peek(4)):
            head = self._peek(8)
            self.seek(self._at + 8 + int.from_bytes(head[4:8], "little"))

    def _read_dictionary(self) -> None:
        length = int.from_bytes(self._peek(8)[4:8], "little")
        if length > _MAX_DICTIONARY:
            raise Broken(Fault.CORRUPT, "The dictionary is too large.")
        data = self._peek(8 + length)[8:]
        try:
            if data.startswith(_ZSTD):
                data = zstd.ZstdDecompressor().decompress(data, _MAX_DICTIONARY)
            self._dictionary = zstd.ZstdDict(data)
        except (zstd.ZstdError, ValueError):
            raise Broken(Fault.CORRUPT, "The dictionary cannot be read.") from None

    def _peek(self, length: int) -> bytes:
        while len(self._raw) < length and (more := self._file.read(max(PIECE, length))):
            self._raw += more
        return self._raw[:length]


class Tape:
    """The bytes of a file from a place on, a piece at a time, in stretches that begin like a record.

    A stretch is a frame, and those after it that do not begin with `mark`: whoever recompresses an archive
    without regard to records cuts them anywhere. Without a mark all frames are one stretch.
    """

    def __init__(self, file: BinaryIO, mark: bytes = b"") -> None:
        self._frames = Frames(file)
        self._mark = mark
        self._pending: bytes | Broken | None = None
        """The first piece of the next stretch, or why it cannot be read."""
        self._open = False
        self.buffer = bytearray()
        self._into = 0
        self._stretch = 0

    @property
    def plain(self) -> bool:
        """Whether the file is not compressed."""
        return self._frames.plain

    @property
    def place(self) -> Place:
        """Where the buffer begins."""
        if self._frames.plain:
            return Place(self._stretch + self._into)
        return Place(self._stretch, self._into)

    def seek(self, place: Place) -> None:
        """Go on at a place. Broken where what lies before it cannot be read."""
        self._frames.seek(place.offset)
        self._pending, self._open = None, False
        self.buffer.clear()
        self.advance()
        left = place.into
        while left:
            if not self.buffer and not self.more():
                return
            left -= self.drop(left)

    def advance(self) -> bool:
        """Go to the next stretch. False at the end of the file; Broken where it cannot be read."""
        self.buffer.clear()
        while self._open and self._pending is None:
            if not self._pull():
                break
            self.buffer.clear()
        self._into, self._open = 0, False
        pending, self._pending = self._pending, None
        if pending is None and not self._frames.begin():
            self._stretch = self._frames.start
            return False
        self._stretch = self._frames.start
        if isinstance(pending, Broken):
            raise pending
        self._open = True
        if pending:
            self.buffer += pending
        return True

    def more(self) -> bool:
        """Take more of the stretch into the buffer. False at its end; Broken where it cannot be read."""
        return self._pull()

    def drop(self, length: int) -> int:
        """Take so much from the head of the buffer, or all of it; how much it was."""
        length = min(length, len(self.buffer))
        del self.buffer[:length]
        self._into += length
        return length

    def recover(self) -> bool:
        """After Broken, go to the next frame that begins with the mark. False where none does."""
        self.buffer.clear()
        self._pending, self._open = None, False
        return bool(self._mark) and self._frames.search(self._mark)

    def _pull(self) -> bool:
        if not self._open or self._pending is not None:
            return False
        try:
            piece = self._frames.read()
        except Broken:
            self._open = False
            raise
        if piece:
            self.buffer += piece
            return True
        if self._frames.plain:
            self._open = False
            return False
        return self._join()

    def _join(self) -> bool:
        """Look whether the next frame goes on with this stretch."""
        try:
            if not self._frames.begin():
                self._open = False
                return False
            piece = self._frames.read()
            while piece and len(piece) < len(self._mark) and (rest := self._frames.read()):
                piece += rest
        except Broken as broken:
            self._pending = broken
            return False
        if self._mark and piece.startswith(self._mark):
            self._pending = piece
            return False
        self.buffer += piece
        return True
