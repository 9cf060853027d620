"""Puts the parts together."""
import json
from collections.abc import Callable
from dataclasses import dataclass
from http.server import ThreadingHTTPServer

from orders.dependencies import DependencyWatch
from orders.handlers import Handlers
from orders.ledger_client import LedgerClient
from orders.metrics import Metrics
from orders.migrate import migrate
from orders.payments_client import PaymentsClient
from orders.pool import ConnectionPool
from orders.server import Router, http_server
from orders.settings import Settings
from orders.store import Store
from orders.worker import PostingWorker


@dataclass(frozen=True)
class App:
    worker: PostingWorker
    server: Callable[[], ThreadingHTTPServer]


def build_app(settings: Settings) -> App:
    metrics = Metrics()
    metrics.gauge(f'build_info{{revision="{settings.revision}"}}', lambda: 1)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    file = settings.data_dir / "orders.db"
    migrate(file, settings.schema)
    pool = ConnectionPool(
        file, settings.pool_size, settings.pool_wait_seconds, settings.cache_pages, settings.max_pages
    )
    pool.declare(metrics)
    store, ledger = Store(pool), LedgerClient(settings)
    worker = PostingWorker(store, ledger, metrics, settings.idle_seconds, settings.retry_seconds)
    router = Router(metrics, settings.max_in_flight)
    add_routes(router, Handlers(settings, store, ledger, PaymentsClient(settings)))
    DependencyWatch(metrics, {"ledger": ledger.ping}).start()
    metrics.gauge("posting_queue_depth", lambda: store.last_depth)
    plain = {
        "/health": lambda: (200, "{\"status\": \"ok\"}"),
        "/health/ready": lambda: readiness(store),
        "/metrics": lambda: (200, metrics.text()),
    }
    return App(worker, lambda: http_server(settings.port, router, plain))


def add_routes(router: Router, handlers: Handlers) -> None:
    router.add("POST", "/orders", handlers.place_order)
    router.add("GET", "/orders/{id}", handlers.show_order)
    router.add("GET", "/orders/{id}/invoice", handlers.show_invoice)
    router.add("POST", "/orders/{id}/refund", handlers.refund_order)
    router.add("POST", "/orders/{id}/chargeback", handlers.charge_back)
    router.add("POST", "/quotes", handlers.quote)
    router.add("GET", "/customers/{id}/orders", handlers.list_orders)
    router.add("GET", "/customers/{id}/summary", handlers.show_summary)
    router.add("GET", "/customers/{id}/statement", handlers.show_statement)
    router.add("GET", "/customers/{id}/largest", handlers.show_largest)
    router.add("GET", "/best-sellers", handlers.show_best_sellers)
    router.add("GET", "/revenue", handlers.show_revenue)
    router.add("GET", "/revenue/statement", handlers.show_revenue_statement)
    router.add("GET", "/products", handlers.list_products)


def readiness(store: Store) -> tuple[int, str]:
    try:
        store.ping()
    except Exception as error:
        return 503, json.dumps({"status": str(error)})
    return 200, "{\"status\": \"ready\"}"
