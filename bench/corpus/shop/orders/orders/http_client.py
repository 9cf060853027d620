"""JSON over HTTP to another service."""
import http.client
import json
import ssl
import urllib.parse

from orders.errors import UpstreamError


class JsonClient:
    def __init__(self, name: str, base_url: str, timeout_seconds: float, ca_file: str = ""):
        self.name = name
        parts = urllib.parse.urlsplit(base_url)
        self._host, self._port = parts.hostname, parts.port
        self._timeout_seconds = timeout_seconds
        self._tls = tls_context(ca_file) if parts.scheme == "https" else None

    def send(self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None) -> dict:
        connection = self._connection()
        try:
            payload = None if body is None else json.dumps(body).encode()
            connection.request(method, path, payload, {"Content-Type": "application/json", **(headers or {})})
            response = connection.getresponse()
            text = response.read()
        except TimeoutError as error:
            raise UpstreamError(
                f"{self.name} did not answer {method} {path} within {self._timeout_seconds:g} s", 504
            ) from error
        except (OSError, http.client.HTTPException) as error:
            raise UpstreamError(f"{self.name} cannot be reached for {method} {path}: {error}") from error
        finally:
            connection.close()
        if response.status >= 400:
            raise refusal(self.name, method, path, response.status, text)
        return json.loads(text) if text else {}

    def _connection(self) -> http.client.HTTPConnection:
        if self._tls is not None:
            return http.client.HTTPSConnection(
                self._host, self._port, timeout=self._timeout_seconds, context=self._tls
            )
        return http.client.HTTPConnection(self._host, self._port, timeout=self._timeout_seconds)


class Refused(UpstreamError):
    """An answer with status 400 or more."""

    def __init__(self, message: str, answered: int):
        super().__init__(message)
        self.answered = answered


def refusal(name: str, method: str, path: str, status: int, text: bytes) -> Refused:
    return Refused(f"{name} answered {status} to {method} {path}: {text[:200].decode(errors='replace')}", status)


def tls_context(ca_file: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=ca_file or None)
