"""Threads that can be waited for."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


class Counted(ThreadPoolExecutor):
    """The threads of the desk's reads and acts, and how many are at work."""

    def __init__(self) -> None:
        super().__init__()
        self.under_way = set[Future[Any]]()

    def submit(self, work: Callable[..., T], /, *args: Any, **options: Any) -> Future[T]:
        future = super().submit(work, *args, **options)
        self.under_way.add(future)
        future.add_done_callback(self.under_way.discard)
        return future
