"""The payment provider."""
from orders.http_client import JsonClient
from orders.settings import Settings


class PaymentsClient:
    def __init__(self, settings: Settings):
        self._http = JsonClient(
            "payments", settings.payments_url, settings.payments_timeout_seconds, settings.payments_ca_file
        )
        self._headers = {"Authorization": f"Bearer {settings.payments_api_key}"}

    def charge(self, order_id: int, cents: int, currency: str, source: str) -> str:
        """The provider's reference of the charge."""
        charge = self._http.send(
            "POST",
            "/charges",
            {"reference": f"order-{order_id}", "amount": cents, "currency": currency, "source": source},
            self._headers,
        )
        return str(charge.get("id", ""))
