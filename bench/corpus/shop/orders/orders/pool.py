"""A fixed number of database connections, lent one at a time."""
import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from orders.errors import PoolTimeout
from orders.metrics import Metrics


class ConnectionPool:
    def __init__(self, file: Path, size: int, wait_seconds: float, cache_pages: int, max_pages: int):
        self._size = size
        self._wait_seconds = wait_seconds
        self._idle = [open_connection(file, cache_pages, max_pages) for _ in range(size)]
        self._changed = threading.Condition()
        self._waiting = 0

    def declare(self, metrics: Metrics) -> None:
        metrics.gauge("db_pool_connections_max", lambda: self._size)
        metrics.gauge("db_pool_connections_in_use", lambda: self._size - len(self._idle))
        metrics.gauge("db_pool_waiting", lambda: self._waiting)

    def acquire(self) -> sqlite3.Connection:
        deadline = time.monotonic() + self._wait_seconds
        with self._changed:
            self._waiting += 1
            try:
                while not self._idle:
                    left = deadline - time.monotonic()
                    if left <= 0 or not self._changed.wait(left):
                        if self._idle:
                            break
                        raise PoolTimeout(
                            f"timeout acquiring a database connection after {self._wait_seconds:g} s: "
                            f"{self._size} of {self._size} in use, {self._waiting} waiting"
                        )
                return self._idle.pop()
            finally:
                self._waiting -= 1

    def release(self, connection: sqlite3.Connection) -> None:
        with self._changed:
            self._idle.append(connection)
            self._changed.notify()

    @contextlib.contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        connection = self.acquire()
        try:
            with connection:
                yield connection
        finally:
            self.release(connection)


def open_connection(file: Path, cache_pages: int, max_pages: int) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=2.0, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA automatic_index = OFF")
    connection.execute(f"PRAGMA cache_size = {cache_pages}")
    if max_pages > 0:
        connection.execute(f"PRAGMA max_page_count = {max_pages}")
    return connection
