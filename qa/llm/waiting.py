"""Waiting for a provider no longer than one is willing to, however it is silent.

A read timeout does not help against a server that sends a blank now and then. Requests therefore run on an event loop in a
thread of their own, where one that takes too long, or that Ctrl-C leaves behind, is cancelled and its connection closed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from functools import cache
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """One loop for the whole process: provider clients keep connections that belong to the loop they were made on."""
    loop = asyncio.new_event_loop()
    Thread(target=loop.run_forever, name="language models", daemon=True).start()
    return loop


def awaited(work: Coroutine[Any, Any, T], seconds: float) -> T:
    """What ``work`` gives. Raises TimeoutError after ``seconds``, and whatever ``work`` raises."""
    future = asyncio.run_coroutine_threadsafe(asyncio.wait_for(work, seconds), _loop())
    try:
        return future.result()
    finally:
        future.cancel()


def flowing(work: AsyncIterator[T], seconds: float) -> Iterator[T]:
    """The pieces of ``work`` as they come. Raises TimeoutError ``seconds`` after the start, and whatever ``work`` raises."""
    pieces: SimpleQueue[tuple[T] | None] = SimpleQueue()

    async def pump() -> None:
        async for piece in work:
            pieces.put((piece,))

    future = asyncio.run_coroutine_threadsafe(asyncio.wait_for(pump(), seconds), _loop())
    future.add_done_callback(lambda _: pieces.put(None))
    try:
        while (held := pieces.get()) is not None:
            yield held[0]
        future.result()
    finally:
        future.cancel()
