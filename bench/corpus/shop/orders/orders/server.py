"""HTTP: routes, answers, and what is logged and counted of each request."""
import json
import re
import threading
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from orders import log
from orders.errors import AppError
from orders.metrics import Metrics

logger = log.named("http")


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    body: bytes
    parts: dict[str, str] = field(default_factory=dict)

    def number(self, name: str) -> int:
        return int(self.parts[name])


@dataclass(frozen=True)
class Answer:
    status: int
    body: object


Handler = Callable[[Request], Answer]


class Router:
    def __init__(self, metrics: Metrics, max_in_flight: int):
        self.metrics = metrics
        self._routes: list[tuple[str, str, re.Pattern[str], Handler]] = []
        self._max_in_flight = max_in_flight
        self._in_flight = 0
        self._lock = threading.Lock()
        metrics.gauge("http_requests_in_flight", lambda: self._in_flight)

    def add(self, method: str, pattern: str, handler: Handler) -> None:
        expression = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[0-9]+)", pattern))
        self._routes.append((method, pattern, expression, handler))
        self.metrics.declare(pattern, method)

    def answer(self, method: str, target: str, body: bytes, client: str) -> tuple[int, bytes]:
        began = time.perf_counter()
        parts = urllib.parse.urlsplit(target)
        pattern, handler, named = self._find(method, parts.path)
        request = Request(method, parts.path, dict(urllib.parse.parse_qsl(parts.query)), body, named)
        status, text = self._guarded(handler, request)
        seconds = time.perf_counter() - began
        self.metrics.observe(pattern, method, status, seconds)
        if status >= 400:
            level = log.ERROR if status >= 500 else log.WARNING
            logger.log(level, "%s %s -> %d (%s, %.1f ms)", method, target, status, client, seconds * 1000)
        return status, text

    def _find(self, method: str, path: str) -> tuple[str, Handler, dict[str, str]]:
        for of_method, pattern, expression, handler in self._routes:
            match = expression.fullmatch(path)
            if match and of_method == method:
                return pattern, handler, match.groupdict()
        return "other", nowhere, {}

    def _guarded(self, handler: Handler, request: Request) -> tuple[int, bytes]:
        with self._lock:
            is_busy = self._in_flight >= self._max_in_flight
            self._in_flight += 1
        try:
            if is_busy:
                raise AppError(503, f"more than {self._max_in_flight} requests at once")
            answer = handler(request)
            return answer.status, encoded(answer.body)
        except AppError as error:
            if error.status >= 500:
                logger.exception("%s %s failed", request.method, request.path)
            return error.status, encoded({"error": str(error)})
        except Exception:
            logger.exception("%s %s failed", request.method, request.path)
            return 500, encoded({"error": "internal error"})
        finally:
            with self._lock:
                self._in_flight -= 1


def encoded(body: object) -> bytes:
    return json.dumps(body).encode()


def nowhere(request: Request) -> Answer:
    raise AppError(404, f"there is no {request.method} {request.path}")


def http_server(port: int, router: Router, plain: dict[str, Callable[[], tuple[int, str]]]) -> ThreadingHTTPServer:
    """`plain`: paths that are answered as text, neither counted nor limited."""

    class Connection(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            show = plain.get(self.path)
            if show is None:
                self._route()
                return
            status, text = show()
            self._send(status, "text/plain; version=0.0.4", text.encode())

        def do_POST(self) -> None:
            self._route()

        def _route(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, text = router.answer(self.command, self.path, body, self.client_address[0])
            self._send(status, "application/json", text)

        def _send(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Said by the router, in our own words."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, request: object, client_address: object) -> None:
            logger.debug("a connection of %s broke off", client_address)

    return Server(("127.0.0.1", port), Connection)
