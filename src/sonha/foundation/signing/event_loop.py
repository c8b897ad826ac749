"""pyHanko runs an event loop of its own for each call; a thread that is already inside one (async views, browser tests) needs another."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Answer = TypeVar("Answer")


def outside_event_loop(work: Callable[[], Answer]) -> Answer:
    """The answer of `work`, called here, or in a thread of its own when this one runs an event loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return work()
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(work).result()
