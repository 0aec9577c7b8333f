"""Work beside requests: a stop is a stop, whatever else happens in the same instant."""

import asyncio

import pytest

from bot.workers.background import Waker


@pytest.mark.parametrize("steps", range(6))
async def test_a_stop_that_comes_together_with_a_hint_is_not_lost(steps: int) -> None:
    """`steps`: turns of the loop between the two; a worker that misses its stop would hold up the whole shutdown."""
    waker = Waker()

    async def work() -> None:
        while True:
            await waker.wait(10)

    task = asyncio.create_task(work())
    await asyncio.sleep(0.01)
    waker.wake()
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=1)
    task.cancel()
    assert done
