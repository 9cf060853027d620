"""Hands sales to the ledger, one after the other and in their order, behind the requests' back."""
import threading

from orders import log
from orders.errors import UpstreamError
from orders.ledger_client import LedgerClient
from orders.metrics import Metrics
from orders.store import Store

logger = log.named("worker")


class PostingWorker:
    def __init__(self, store: Store, ledger: LedgerClient, metrics: Metrics, idle_seconds: float, retry_seconds: float):
        self._store = store
        self._ledger = ledger
        self._metrics = metrics
        self._idle_seconds = idle_seconds
        self._retry_seconds = retry_seconds
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="posting-worker", daemon=True)
        metrics.count("postings_done_total", 0)
        metrics.count("postings_failed_total", 0)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ending.set()
        self._thread.join(timeout=3)

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                pause = self._step()
            except Exception:
                logger.exception("a posting could not be handled")
                pause = self._retry_seconds
            self._ending.wait(pause)

    def _step(self) -> float:
        """Seconds until the next look."""
        self._store.queue_depth()
        found = self._store.next_posting()
        if found is None:
            return self._idle_seconds
        posting_id, attempts, posting = found
        try:
            self._ledger.post(posting)
        except UpstreamError as error:
            self._store.posting_failed(posting_id)
            self._metrics.count("postings_failed_total")
            logger.warning("posting %d was not taken (attempt %d): %s", posting_id, attempts + 1, error)
            return self._retry_seconds
        self._store.posting_done(posting_id)
        self._metrics.count("postings_done_total")
        return 0
