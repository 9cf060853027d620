"""The shop's books."""
from orders.http_client import JsonClient
from orders.settings import Settings
from orders.tokens import token


class LedgerClient:
    def __init__(self, settings: Settings):
        self._http = JsonClient("ledger", settings.ledger_url, settings.ledger_timeout_seconds)
        self._key = settings.ledger_token_key
        self._lifetime_seconds = settings.token_lifetime_seconds

    def balance(self, customer_id: int) -> int:
        """Cents that the customer owes us when negative."""
        return self._send("GET", f"/accounts/customer-{customer_id}/balance")["cents"]

    def statement(self, account: str, page: int, size: int = 20) -> dict:
        return self._send("GET", f"/accounts/{account}/statement?page={page}&size={size}")

    def months(self, account: str) -> dict:
        return self._send("GET", f"/accounts/{account}/monthly")

    def post(self, entry: dict[str, object]) -> None:
        self._send("POST", "/entries", entry)

    def refund(self, customer_id: int, cents: int, reference: str) -> None:
        self._transfer("shop-revenue", f"customer-{customer_id}", cents, reference)

    def charge_back(self, customer_id: int, cents: int, reference: str) -> None:
        self._transfer(f"customer-{customer_id}", "shop-revenue", cents, reference)

    def ping(self) -> None:
        self._http.send("GET", "/health")

    def _transfer(self, giver: str, taker: str, cents: int, reference: str) -> None:
        self._send("POST", "/transfers", {"from": giver, "to": taker, "cents": cents, "reference": reference})

    def _send(self, method: str, path: str, body: object = None) -> dict:
        bearer = token("orders", self._key, self._lifetime_seconds)
        return self._http.send(method, path, body, {"Authorization": f"Bearer {bearer}"})
