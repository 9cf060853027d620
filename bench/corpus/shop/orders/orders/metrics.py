"""Counters, gauges and histograms in the text format of Prometheus."""
import gc
import os
import resource
import threading
import time
from collections.abc import Callable

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
STATUS_CLASSES = ("2xx", "3xx", "4xx", "5xx")
STARTED_AT = time.time()
PAGE_BYTES = resource.getpagesize()


class Metrics:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: dict[tuple[str, str, str], int] = {}
        self._durations: dict[tuple[str, str], list[float]] = {}
        self._counters: dict[str, float] = {}
        self._gauges: dict[str, Callable[[], float]] = {}

    def declare(self, handler: str, method: str) -> None:
        for status in STATUS_CLASSES:
            self._requests[(handler, method, status)] = 0
        self._durations[(handler, method)] = [0.0] * (len(BUCKETS) + 2)

    def observe(self, handler: str, method: str, status: int, seconds: float) -> None:
        with self._lock:
            key = (handler, method, f"{status // 100}xx")
            self._requests[key] = self._requests.get(key, 0) + 1
            counts = self._durations.setdefault((handler, method), [0.0] * (len(BUCKETS) + 2))
            for index, bound in enumerate(BUCKETS):
                if seconds <= bound:
                    counts[index] += 1
            counts[-2] += 1
            counts[-1] += seconds

    def count(self, name: str, by: float = 1) -> None:
        with self._lock:
            self._counters[name] = self._counters.get(name, 0) + by

    def gauge(self, name: str, read: Callable[[], float]) -> None:
        self._gauges[name] = read

    def text(self) -> str:
        with self._lock:
            lines = [*self._request_lines(), *self._duration_lines()]
            lines += [f"{name} {value:g}" for name, value in sorted(self._counters.items())]
        lines += [f"{name} {read():g}" for name, read in self._gauges.items()]
        return "\n".join([*lines, *process_lines()]) + "\n"

    def _request_lines(self) -> list[str]:
        lines = ["# TYPE http_requests_total counter"]
        for (handler, method, status), count in self._requests.items():
            labels = f'handler="{handler}",method="{method}",status="{status}"'
            lines.append(f"http_requests_total{{{labels}}} {count}")
        return lines

    def _duration_lines(self) -> list[str]:
        name = "http_request_duration_seconds"
        lines = [f"# TYPE {name} histogram"]
        for (handler, method), counts in self._durations.items():
            labels = f'handler="{handler}",method="{method}"'
            for bound, count in zip(BUCKETS, counts):
                lines.append(f'{name}_bucket{{{labels},le="{bound:g}"}} {count:g}')
            lines.append(f'{name}_bucket{{{labels},le="+Inf"}} {counts[-2]:g}')
            lines.append(f"{name}_sum{{{labels}}} {counts[-1]:.6f}")
            lines.append(f"{name}_count{{{labels}}} {counts[-2]:g}")
        return lines


def process_lines() -> list[str]:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return [
        "# TYPE process_cpu_seconds_total counter",
        f"process_cpu_seconds_total {usage.ru_utime + usage.ru_stime:.3f}",
        f"process_resident_memory_bytes {resident_bytes(usage.ru_maxrss)}",
        f"process_open_fds {open_files()}",
        f"process_max_fds {resource.getrlimit(resource.RLIMIT_NOFILE)[0]}",
        f"process_threads {threading.active_count()}",
        f"process_start_time_seconds {STARTED_AT:.3f}",
        f"python_gc_objects {sum(gc.get_count())}",
    ]


def resident_bytes(peak_kib: int) -> int:
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * PAGE_BYTES
    except OSError:
        return peak_kib * 1024


def open_files() -> int:
    try:
        return len(os.listdir("/proc/self/fd")) - 1
    except OSError:
        return -1
