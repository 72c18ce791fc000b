"""Workers are processes: they die, hang and swell, and whoever waits is answered all the same."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from service.errors import BadRequest, Internal, Overloaded, TooComplex
from service.http import workers as module
from service.http.metrics import Metrics
from service.http.workers import LARGE, Workers
from service.settings import Settings
from tests.http.tasks import die, die_once, fail, refuse, sleep, swell, swell_once, threads, told

T = TypeVar("T")


def play(scenario: Callable[[Workers, Metrics], Awaitable[T]], **settings: Any) -> T:
    """What a scenario returns, played with workers that are started before and stopped after."""

    async def run() -> T:
        metrics = Metrics()
        given = {"workers": 2, "deadline_seconds": 2.0, "queue_seconds": 20.0, **settings}
        pool = Workers(Settings(**given), metrics)
        await pool.start()
        try:
            return await scenario(pool, metrics)
        finally:
            await pool.stop()

    return asyncio.run(run())


def count(metrics: Metrics, name: str) -> float:
    """The sum of the samples of this name."""
    lines = metrics.text().decode().split("\n")
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name))


def test_a_function_runs_elsewhere_and_returns_its_value() -> None:
    async def scenario(pool: Workers, _metrics: Metrics) -> None:
        answers = await asyncio.gather(*(pool.run(told, f"غربال {n}") for n in range(50)))
        assert [text for text, _ in answers] == [f"غربال {n}" for n in range(50)]
        assert os.getpid() not in {pid for _, pid in answers}
        assert await pool.run(threads) == 1

    play(scenario)


def test_errors_come_back_as_they_are_and_faults_without_their_message() -> None:
    async def scenario(pool: Workers, _metrics: Metrics) -> None:
        with pytest.raises(BadRequest, match="no"):
            await pool.run(refuse)
        with pytest.raises(Internal) as caught:
            await pool.run(fail)
        assert "ValueError" in caught.value.place
        assert "tasks.py" in caught.value.place
        assert "secret" not in caught.value.place + caught.value.detail
        assert (await pool.run(told, "a"))[0] == "a"

    play(scenario)


def test_a_page_that_hangs_is_too_complex_and_its_neighbours_are_answered() -> None:
    async def scenario(pool: Workers, metrics: Metrics) -> None:
        hanging = asyncio.create_task(pool.run(sleep, 600.0))
        for _ in range(20):
            assert await pool.run(sleep, 0.01) == 0.01
        with pytest.raises(TooComplex, match="deadline_seconds"):
            await hanging
        assert count(metrics, "ghirbal_deadlines_total") == 1
        assert (await pool.run(told, "a"))[0] == "a"

    play(scenario)


def test_more_slow_pages_than_workers_leave_a_worker_to_quick_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "QUICK_SECONDS", 0.1)

    async def scenario(pool: Workers, metrics: Metrics) -> None:
        slow = [asyncio.create_task(pool.run(sleep, 0.5)) for _ in range(4)]
        await asyncio.sleep(0.3)
        waiting = [not one.done() for one in slow]
        assert (await pool.run(told, "a"))[0] == "a"
        assert any(waiting)
        assert await asyncio.gather(*slow) == [0.5] * 4  # begun again one after the other, and finished
        assert count(metrics, 'ghirbal_worker_restarts_total{reason="slow"}') >= 1

    play(scenario)


def test_a_page_that_swells_is_too_complex_and_the_worker_lives() -> None:
    async def scenario(pool: Workers, metrics: Metrics) -> None:
        with pytest.raises(TooComplex, match="300 MiB"):
            await pool.run(swell)
        assert await pool.run(swell_once, "170") == 170 * 1024 * 1024  # with all memory, at the second try
        assert count(metrics, 'ghirbal_worker_restarts_total{reason="died"}') == 0

    play(scenario, worker_memory_mb=300)


def test_a_worker_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    async def scenario(pool: Workers, metrics: Metrics) -> None:
        assert await pool.run(die_once, str(tmp_path)) != os.getpid()
        assert count(metrics, 'ghirbal_worker_restarts_total{reason="died"}') == 1

    play(scenario)


def test_an_idle_worker_that_is_killed_is_replaced() -> None:
    async def scenario(pool: Workers, _metrics: Metrics) -> None:
        for _ in range(5):
            _, pid = await pool.run(told, "a")
            os.kill(pid, signal.SIGKILL)

    play(scenario)


def test_a_page_that_kills_its_workers_is_too_complex() -> None:
    async def scenario(pool: Workers, metrics: Metrics) -> None:
        innocent = [asyncio.create_task(pool.run(sleep, 0.05)) for _ in range(20)]
        with pytest.raises(TooComplex, match="3 workers"):
            await pool.run(die, signal.SIGSEGV)
        assert await asyncio.gather(*innocent) == [0.05] * 20
        assert count(metrics, 'ghirbal_worker_restarts_total{reason="died"}') == 3

    play(scenario)


def test_a_page_whose_workers_are_killed_from_outside_is_not_blamed() -> None:
    async def scenario(pool: Workers, _metrics: Metrics) -> None:
        with pytest.raises(Overloaded, match="killed"):
            await pool.run(die, signal.SIGKILL)

    play(scenario)


def test_workers_are_replaced_after_their_pages() -> None:
    async def scenario(pool: Workers, metrics: Metrics) -> None:
        pids = {(await pool.run(told, "a"))[1] for _ in range(12)}
        assert len(pids) >= 4
        assert count(metrics, 'ghirbal_worker_restarts_total{reason="recycled"}') >= 3

    play(scenario, pages_per_worker=3)


def test_the_nursery_may_die_too() -> None:
    async def scenario(pool: Workers, _metrics: Metrics) -> None:
        assert pool.nursery_pid
        os.kill(pool.nursery_pid, signal.SIGKILL)
        for _ in range(3):
            _, pid = await pool.run(told, "a")
            os.kill(pid, signal.SIGKILL)
        assert (await pool.run(told, "b"))[0] == "b"

    play(scenario)


def test_a_caller_that_leaves_ends_the_work() -> None:
    async def scenario(pool: Workers, metrics: Metrics) -> None:
        for _ in range(3):
            left = asyncio.create_task(pool.run(sleep, 600.0))
            await asyncio.sleep(0.1)
            left.cancel()
        assert (await pool.run(told, "a"))[0] == "a"
        while count(metrics, 'ghirbal_worker_restarts_total{reason="abandoned"}') < 3:
            await asyncio.sleep(0.01)
        assert count(metrics, "ghirbal_queue_depth") == 0

    play(scenario, deadline_seconds=60)


def test_who_waits_too_long_is_told_to_come_again() -> None:
    async def scenario(pool: Workers, _metrics: Metrics) -> None:
        busy = [asyncio.create_task(pool.run(sleep, 0.9)) for _ in range(2)]
        await asyncio.sleep(0.1)
        with pytest.raises(Overloaded, match="queue_seconds") as caught:
            await pool.run(told, "a")
        assert caught.value.headers["Retry-After"] == "1"
        assert (await pool.run(told, "a", patient=True))[0] == "a"
        await asyncio.gather(*busy)

    play(scenario, queue_seconds=0.2)


def test_a_full_line_lets_nobody_in() -> None:
    async def scenario(pool: Workers, _metrics: Metrics) -> None:
        pool.check_room(0)
        tasks = [asyncio.create_task(pool.run(sleep, 0.3)) for _ in range(6)]
        await asyncio.sleep(0.1)
        with pytest.raises(Overloaded, match=r"4 pages.*max_queue"):
            pool.check_room(0)
        await asyncio.gather(*tasks)
        pool.check_room(0)

    play(scenario, max_queue=4)


def test_large_pages_are_worked_on_by_some_workers_only() -> None:
    async def scenario(pool: Workers, _metrics: Metrics) -> None:
        large = [asyncio.create_task(pool.run(sleep, 0.3, size=LARGE)) for _ in range(3)]
        await asyncio.sleep(0.1)
        with pytest.raises(Overloaded, match="large"):
            pool.check_room(LARGE)
        pool.check_room(1000)
        assert (await pool.run(told, "a"))[0] == "a"
        assert not any(one.done() for one in large[1:])
        await asyncio.gather(*large)

    play(scenario)


def test_the_end_answers_all() -> None:
    async def scenario(pool: Workers, _metrics: Metrics) -> list[Any]:
        tasks = [asyncio.create_task(pool.run(sleep, 600.0)) for _ in range(5)]
        await asyncio.sleep(0.1)
        await pool.refuse_all()
        return await asyncio.gather(*tasks, return_exceptions=True)

    answers = play(scenario)
    assert [type(answer) for answer in answers] == [Overloaded] * 5
