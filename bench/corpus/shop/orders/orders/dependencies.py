"""Looks regularly whether what we lean on is there."""
import threading
import time
from collections.abc import Callable

from orders import log
from orders.metrics import Metrics

logger = log.named("dependencies")
EVERY_SECONDS = 1.0


class DependencyWatch:
    def __init__(self, metrics: Metrics, checks: dict[str, Callable[[], None]]):
        self._checks = checks
        self._up = {name: 1 for name in checks}
        for name in checks:
            metrics.gauge(f'dependency_up{{service="orders",dependency="{name}"}}', lambda name=name: self._up[name])

    def start(self) -> None:
        threading.Thread(target=self._run, name="dependencies", daemon=True).start()

    def _run(self) -> None:
        while True:
            for name, check in self._checks.items():
                try:
                    check()
                    self._up[name] = 1
                except Exception as error:
                    self._up[name] = 0
                    logger.warning("%s is not well: %s", name, error)
            time.sleep(EVERY_SECONDS)
