"""The service under load: what it carries, what it refuses, and what it loses (nothing, is the claim).

`python -m tests.evaluation.load [SCENARIO...] [--seconds 20] [--leak 20000]` starts `ghirbal serve` for each
scenario and prints what was measured, as rows of Markdown. Clients run on the same machine, so that figures
are lower than those of a service with its cores to itself.
"""

import argparse
import asyncio
import gzip
import json
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median

from backports import zstd

from schemas.request import CleanOptions
from service.http.accept import Form
from service.http.answer import Sent, answer_page
from tests.http.wire import Server, request

SEEDS = [path.read_bytes() for path in sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))]
TEXT = {"Content-Type": "text/plain"}
HTML = {"Content-Type": "text/html"}
GZIP = {**TEXT, "Content-Encoding": "gzip"}
MIB = 1024 * 1024
SENTENCE = "Bread prices rose on Monday for the third time this year, the minister said in the capital. "
PROSE = (SENTENCE * (10 * MIB // len(SENTENCE))).encode()
GOOD = "\n\n".join(SENTENCE * n for n in (3, 4, 5, 6, 7, 8)).encode()
"""A small good page, of 3 kB."""
HEALTH = b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"


def html_page(size: int) -> bytes:
    """An article of about this size, its paragraphs all different."""
    paragraphs = (
        f"<p class=c{n}><a href=/{n}>{n}</a> {SENTENCE}{n * 7919 % 9973} {SENTENCE[:40]}</p>\n"
        for n in range(10**6)
    )
    page = "<!doctype html><title>Bread</title><nav><a href=/>Home</a> <a href=/news>News</a></nav>\n"
    parts = [page]
    length = len(page)
    while length < size:
        parts.append(next(paragraphs))
        length += len(parts[-1])
    return "".join(parts).encode()


class Connection:
    """A keep-alive connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, message: bytes) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of the answer. OSError and EOFError where none comes."""
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(
                "127.0.0.1", self._port, limit=64 * MIB
            )
        try:
            self._writer.write(message)
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])
            }
            body = await self._reader.readexactly(int(headers.get("content-length", "0")))
        except BaseException:
            self.close()
            raise
        if headers.get("connection") == "close":
            self.close()
        return int(head[0].split()[1]), headers, body

    def close(self) -> None:
        """End it; the next question opens another."""
        if self._writer:
            self._writer.close()
            self._writer = None


@dataclass
class Tally:
    """What came back."""

    statuses: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    """Of answers with 200."""
    wrong: int = 0
    without_retry: int = 0

    def quantile(self, share: float) -> float:
        """Milliseconds that this share of the good answers stayed below."""
        found = sorted(self.seconds)
        return 1000 * found[min(len(found) - 1, int(share * len(found)))] if found else float("nan")


async def drive(
    port: int,
    clients: int,
    pages: Sequence[tuple[bytes, bytes | None]],
    going_on: Callable[[], bool],
    tally: Tally,
) -> None:
    """Clients that each ask for one page after the other, and compare the answer with the one expected."""

    async def one(at: int) -> None:
        connection = Connection(port)
        while going_on():
            message, wanted = pages[at % len(pages)]
            at += 1
            began = time.perf_counter()
            try:
                status, headers, body = await connection.ask(message)
            except (OSError, EOFError):
                tally.statuses["lost"] += 1
                await asyncio.sleep(0.05)
                continue
            tally.statuses[str(status)] += 1
            if status == 200:
                tally.seconds.append(time.perf_counter() - began)
                tally.wrong += wanted is not None and body != wanted
            elif status == 503:
                tally.without_retry += not headers.get("retry-after", "").isdigit()
                await asyncio.sleep(0.05)
        connection.close()

    await asyncio.gather(*(one(at) for at in range(clients)))


class Probe:
    """A thread that asks for health and for a small good page, all the while, on connections of its own."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.health: list[float] = []
        self.good: list[float] = []
        self.failures: Counter[str] = Counter()
        self.memory = 0
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._ask, args=(HEALTH, self.health, 0.02)),
            threading.Thread(target=self._ask, args=(request("/v1/clean", GOOD, TEXT), self.good, 0.1)),
            threading.Thread(target=self._weigh),
        ]

    def __enter__(self) -> "Probe":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def told(self) -> str:
        """One line of figures."""
        health, good = sorted(self.health), sorted(self.good)
        failures = f", failures {dict(self.failures)}" if self.failures else ""
        return (
            f"health p99 {1000 * health[int(0.99 * len(health))]:.0f} ms, max {1000 * health[-1]:.0f} ms; "
            f"small page median {1000 * median(good):.0f} ms, "
            f"p99 {1000 * good[int(0.99 * len(good))]:.0f} ms, max {1000 * good[-1]:.0f} ms; "
            f"memory of the tree {self.memory} MiB{failures}"
        )

    def _ask(self, message: bytes, times: list[float], pause: float) -> None:
        while not self._stop.wait(pause):
            began = time.perf_counter()
            try:
                status = self._server.ask(message).status
            except OSError as error:
                self.failures[type(error).__name__] += 1
                continue
            times.append(time.perf_counter() - began)
            if status != 200:
                self.failures[str(status)] += 1

    def _weigh(self) -> None:
        while not self._stop.wait(0.1):
            self.memory = max(self.memory, memory(self._server.process.pid))


def tree(root: int) -> list[int]:
    """A process and all below it."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            children.setdefault(int(path.read_text().rpartition(")")[2].split()[1]), []).append(
                int(path.parent.name)
            )
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def memory(root: int) -> int:
    """MiB resident in a process and all below it; what they share is counted for each."""
    pages = 0
    for pid in tree(root):
        with suppress(OSError):
            pages += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // MIB


@contextmanager
def serving(**settings: object) -> Iterator[Server]:
    """A server of one's own; its log goes nowhere."""
    server = Server(log_level="warning", **settings) if settings else Server()
    threading.Thread(target=lambda: [None for _ in server.process.stderr or ()], daemon=True).start()
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.process.send_signal(signal.SIGTERM)
        server.process.wait(60)


def expected(pages: Sequence[bytes], headers: dict[str, str]) -> list[tuple[bytes, bytes | None]]:
    """Requests, and the bytes that `clean` in this process answers with."""
    kind = headers["Content-Type"]
    return [
        (request("/v1/clean", page, headers), answer_page(Sent(page, kind), CleanOptions(), Form.JSON).body)
        for page in pages
    ]


def run_for(
    seconds: float, server: Server, clients: int, pages: Sequence[tuple[bytes, bytes | None]]
) -> Tally:
    """Closed-loop clients for some seconds."""
    tally = Tally()
    end = time.monotonic() + seconds
    asyncio.run(drive(server.port, clients, pages, lambda: time.monotonic() < end, tally))
    return tally


def steady(seconds: float) -> None:
    """What two clients a core get, for news-sized text and HTML of 200 kB."""
    for name, pages, headers in (
        ("seed pages, 4–15 kB", SEEDS, TEXT),
        ("HTML, 200 kB", [html_page(200_000)], HTML),
    ):
        with serving() as server:
            wanted = expected(pages, headers)
            run_for(2, server, 2, wanted)
            tally = run_for(seconds, server, 4, wanted)
            rate = len(tally.seconds) / seconds
            print(
                f"| steady, {name} | {rate:.1f} pages/s; p50 {tally.quantile(0.5):.0f} ms, p99 "
                f"{tally.quantile(0.99):.0f} ms; {dict(tally.statuses)}, wrong {tally.wrong} |"
            )


def cost(seconds: float) -> None:
    """One page after the other: in this process, and over HTTP by one client."""
    for name, page, headers in (
        ("seed page, 15 kB", max(SEEDS, key=len), TEXT),
        ("HTML, 200 kB", html_page(200_000), HTML),
    ):
        kind = headers["Content-Type"]
        times = []
        end = time.monotonic() + seconds / 2
        while time.monotonic() < end:
            began = time.perf_counter()
            answer_page(Sent(page, kind), CleanOptions(), Form.JSON)
            times.append(time.perf_counter() - began)
        with serving() as server:
            tally = run_for(seconds / 2, server, 1, [(request("/v1/clean", page, headers), None)])
        here, there = 1000 * median(times), tally.quantile(0.5)
        print(f"| cost, {name} | in process {here:.1f} ms, over HTTP {there:.1f} ms |")


def overload(seconds: float) -> None:
    """Three times as much as the service can do, offered at a fixed rate by clients that do not wait."""
    with serving() as server:
        pages = expected(SEEDS, TEXT)
        run_for(2, server, 2, pages)
        capacity = len(run_for(seconds / 2, server, 8, pages).seconds) / (seconds / 2)
        tally = Tally()
        with Probe(server) as probe:
            asyncio.run(_offer(server.port, 3 * capacity, seconds, pages, tally))
        goodput = len(tally.seconds) / seconds
        print(
            f"| overload, 3 × {capacity:.0f} pages/s offered | goodput {goodput:.0f} pages/s = "
            f"{100 * goodput / capacity:.0f} %; p99 {tally.quantile(0.99):.0f} ms; {dict(tally.statuses)}, "
            f"503 without Retry-After {tally.without_retry}, wrong {tally.wrong}; {probe.told()} |"
        )


async def _offer(
    port: int, rate: float, seconds: float, pages: Sequence[tuple[bytes, bytes | None]], tally: Tally
) -> None:
    pool: list[Connection] = []

    async def one(at: int) -> None:
        connection = pool.pop() if pool else Connection(port)
        await drive_once(connection, pages[at % len(pages)], tally)
        pool.append(connection)

    began = time.monotonic()
    tasks: set[asyncio.Task[None]] = set()
    sent = 0
    while (now := time.monotonic() - began) < seconds:
        while sent < now * rate:
            tasks.add(asyncio.create_task(one(sent)))
            sent += 1
        tasks = {task for task in tasks if not task.done()}
        await asyncio.sleep(0.005)
    await asyncio.gather(*tasks)


async def drive_once(connection: Connection, page: tuple[bytes, bytes | None], tally: Tally) -> None:
    """One question."""
    began = time.perf_counter()
    try:
        status, headers, body = await connection.ask(page[0])
    except (OSError, EOFError):
        tally.statuses["lost"] += 1
        return
    tally.statuses[str(status)] += 1
    if status == 200:
        tally.seconds.append(time.perf_counter() - began)
        tally.wrong += body != page[1]
    elif status == 503:
        tally.without_retry += not headers.get("retry-after", "").isdigit()


def kill(seconds: float) -> None:
    """`kill -9` of a worker each second."""
    with serving() as server:
        pages = expected(SEEDS, TEXT)
        killed = 0
        done = threading.Event()

        def killer() -> None:
            nonlocal killed
            while not done.wait(1):
                below = tree(server.process.pid)[2:]  # not the process that workers come from
                if below:
                    with suppress(ProcessLookupError):
                        os.kill(below[killed % len(below)], signal.SIGKILL)
                    killed += 1

        thread = threading.Thread(target=killer)
        thread.start()
        tally = run_for(seconds, server, 8, pages)
        done.set()
        thread.join()
        print(f"| kill -9 a second | {killed} killed; {dict(tally.statuses)}, wrong {tally.wrong} |")


def drain(_: float) -> None:
    """SIGTERM amid work: what was taken is answered."""
    with serving() as server:
        page = html_page(200_000)
        pages = expected([page], HTML)
        tally = Tally()

        async def scenario() -> float:
            tasks = [
                asyncio.create_task(drive_once(Connection(server.port), pages[0], tally)) for _ in range(12)
            ]
            await asyncio.sleep(0.3)
            server.process.send_signal(signal.SIGTERM)
            began = time.monotonic()
            await asyncio.gather(*tasks)
            await asyncio.to_thread(server.process.wait, 60)
            return time.monotonic() - began

        took = asyncio.run(scenario())
        code = server.process.returncode
        print(
            f"| drain, 12 pages of 200 kB under way | {dict(tally.statuses)}, wrong {tally.wrong}; "
            f"exit {code} after {took:.1f} s |"
        )


def leak(count: int) -> None:
    """Memory after many pages."""
    with serving() as server:
        pages = [(request("/v1/clean", page, TEXT), None) for page in (b"Bread prices rose.", *SEEDS)]
        answered = 0

        def going_on() -> bool:
            nonlocal answered
            answered += 1
            return answered <= count

        warm = min(2000, count // 4)
        answered = count - warm
        asyncio.run(drive(server.port, 4, pages, going_on, Tally()))
        before, door = memory(server.process.pid), memory_of(server.process.pid)
        answered = 0
        tally = Tally()
        asyncio.run(drive(server.port, 4, pages, going_on, tally))
        after = memory(server.process.pid)
        print(
            f"| leak, {count} pages after {warm} | tree {before} → {after} MiB ({after - before:+d}), "
            f"door {door} → {memory_of(server.process.pid)} MiB; {dict(tally.statuses)} |"
        )


def memory_of(pid: int) -> int:
    """MiB resident in one process."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // MIB


HEAVY: dict[str, tuple[Callable[[], bytes], dict[str, str], int]] = {
    "10 MB of prose": (lambda: PROSE, TEXT, 2),
    "10 MB of prose × 20": (lambda: PROSE, TEXT, 20),
    "10 MB of short lines × 4": (lambda: b"news\n" * 2_000_000, TEXT, 4),
    "10 MB of HTML × 4": (partial(html_page, 10 * MIB - 200), HTML, 4),
    "1 MB of HTML × 20": (partial(html_page, 1_000_000), HTML, 20),
    "60 kB of text × 40": ((SENTENCE * 660).encode, TEXT, 40),
    "2.5 million attributes × 4": (lambda: b"<p " + b"a=1 " * 2_500_000 + b">", HTML, 4),
    "3 million open tags × 4": (lambda: b"<b>" * 3_000_000, HTML, 4),
    "1,000-fold gzip bombs × 50": (lambda: gzip.compress(b"\0" * (200 * MIB)), GZIP, 50),
    "10 MB packed to 50 kB × 10": (lambda: gzip.compress(PROSE), GZIP, 10),
    "10 MB of JSON × 4": (
        lambda: json.dumps({"text": "\u0642" * 1_700_000}).encode(), {"Content-Type": "application/json"}, 4,
    ),
}  # fmt: skip


def heavy(_: float) -> None:
    """Heavy pages at once, and what health checks and a small good page notice of them."""
    for name, (make, headers, times) in HEAVY.items():
        with serving() as server:
            message = request("/v1/clean", make(), headers)
            tally = Tally()
            slowest = 0.0

            async def one() -> None:
                nonlocal slowest
                began = time.perf_counter()
                await drive_once(Connection(server.port), (message, None), tally)  # noqa: B023
                slowest = max(slowest, time.perf_counter() - began)

            async def all_at_once(work: Callable[[], Awaitable[None]], count: int) -> None:
                await asyncio.gather(*(work() for _ in range(count)))

            with Probe(server) as probe:
                time.sleep(0.5)
                asyncio.run(all_at_once(one, times))
                time.sleep(0.5)
            print(f"| {name} | {dict(tally.statuses)}, slowest {slowest:.1f} s; {probe.told()} |", flush=True)


PACKED: dict[str, tuple[Callable[[], bytes], str]] = {
    "prose": (lambda: PROSE, "text/plain"),
    "lines of one word": (lambda: b"news\n" * (2 * MIB), "text/plain"),
    "one line without a stop": (lambda: b"bread " * (10 * MIB // 6), "text/plain"),
    "one letter": (lambda: b"a" * (10 * MIB), "text/plain"),
    "HTML of paragraphs": (partial(html_page, 10 * MIB - 200), "text/html"),
    "100,000 nested elements": (lambda: b"<div>" * 100_000 + b"<p>" + PROSE[: 9 * MIB], "text/html"),
    "2 million attributes": (lambda: b"<p " + b"a=1 " * 2_000_000 + b">" + PROSE[:MIB], "text/html"),
}


def packed(seconds: float) -> None:
    """Bodies of 10 MB packed to some kilobytes, from four clients, a shape after the other."""
    for coding, pack in (("gzip", gzip.compress), ("zstd", zstd.compress)):
        for name, (make, kind) in PACKED.items():
            body = pack(make())
            headers = {"Content-Type": kind, "Content-Encoding": coding}
            with serving() as server:
                message = request("/v1/clean", body, headers)
                with Probe(server) as probe:
                    tally = run_for(seconds, server, 4, [(message, None)])
                print(
                    f"| 10 MB of {name} as {len(body) // 1024} kB of {coding}, 4 clients | "
                    f"{dict(tally.statuses)}, 503 without Retry-After {tally.without_retry}; "
                    f"{probe.told()} |",
                    flush=True,
                )


def slow(_: float) -> None:
    """Clients that never finish a head or a body, two hundred of each."""
    with serving() as server:
        ends: Counter[str] = Counter()
        times: list[float] = []

        async def drip(first: bytes) -> None:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            began = time.perf_counter()
            writer.write(first)
            reading = asyncio.create_task(reader.read())
            while not reading.done():
                with suppress(OSError):
                    writer.write(b"a")
                await asyncio.wait({reading}, timeout=1)
            with suppress(OSError):
                ends[(await reading)[9:12].decode() or "closed"] += 1
            times.append(time.perf_counter() - began)
            writer.close()

        async def scenario() -> None:
            heads = [drip(b"POST /v1/clean HTTP/1.1\r\nHost: a\r\nX-A: ") for _ in range(200)]
            bodies = [
                drip(b"POST /v1/clean HTTP/1.1\r\nHost: a\r\nContent-Length: 9999\r\n\r\n")
                for _ in range(200)
            ]
            await asyncio.gather(*heads, *bodies)

        with Probe(server) as probe:
            asyncio.run(scenario())
        times.sort()
        print(
            f"| slow, 200 heads and 200 bodies | {dict(ends)}; heads cut after {times[199]:.1f} s at most, "
            f"bodies after {times[-1]:.1f} s; {probe.told()} |"
        )


SCENARIOS: dict[str, Callable[[float], None]] = {
    "steady": steady, "cost": cost, "overload": overload, "kill": kill, "drain": drain, "heavy": heavy,
    "packed": packed, "slow": slow,
}  # fmt: skip


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation.load", description=__doc__)
    parser.add_argument("scenarios", nargs="*", default=[*SCENARIOS, "leak"], choices=[*SCENARIOS, "leak"])
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--leak", type=int, default=20_000, metavar="PAGES")
    given = parser.parse_args()
    print("| scenario | measured |\n| --- | --- |")
    for name in given.scenarios:
        if name == "leak":
            leak(given.leak)
        else:
            SCENARIOS[name](given.seconds)
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
