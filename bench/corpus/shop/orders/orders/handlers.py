"""What each route does."""
from orders import log
from orders.errors import AppError
from orders.invoice import invoice
from orders.ledger_client import LedgerClient
from orders.payments_client import PaymentsClient
from orders.pricing import Tariff, lines_for, price
from orders.server import Answer, Request
from orders.settings import Settings
from orders.store import Coupon, Customer, Order, Product, Store
from orders.validation import Item, body_of, coupon_of, currency_of, items_of, note_of, positive

logger = log.named("handlers")
MOST_ORDERS = 80
CREDIT_LIMIT_CENTS = 5_000_000
USUAL_VAT_PERCENT = 19
USUAL_GRAMS = 500


class Handlers:
    def __init__(self, settings: Settings, store: Store, ledger: LedgerClient, payments: PaymentsClient):
        self._settings = settings
        self._store = store
        self._ledger = ledger
        self._payments = payments
        self._tariff = Tariff(settings.shipping_cents, settings.free_shipping_from_cents)

    def place_order(self, request: Request) -> Answer:
        body = body_of(request.body)
        customer = self._customer(body)
        items = [(self._product(item), item.quantity) for item in items_of(body)]
        coupon = self._coupon(coupon_of(body))
        note = note_of(body)
        currency = currency_of(body, self._settings.currency)
        self._refuse_when_behind()
        priced = price(items, customer, coupon, self._tariff)
        if self._ledger.balance(customer.id) < -CREDIT_LIMIT_CENTS:
            raise AppError(409, f"customer {customer.id} is over the credit limit")
        order_id = self._store.add_order(customer.id, currency, priced["total"], note, lines_for(items))
        status, charge = "placed", None
        if "source" in body:
            status, charge = "paid", self._payments.charge(order_id, priced["total"], currency, str(body["source"]))
            self._store.set_status(order_id, status)
        self._store.enqueue(
            {
                "account": f"customer-{customer.id}",
                "reference": f"order-{order_id}",
                "cents": priced["total"],
                "currency": currency,
            }
        )
        logger.info("order %d of customer %d is %s, %d cents", order_id, customer.id, status, priced["total"])
        return Answer(201, {"id": order_id, "status": status, "charge": charge, "price": priced})

    def quote(self, request: Request) -> Answer:
        body = body_of(request.body)
        customer = self._customer(body)
        items = [(self._product(item), item.quantity) for item in items_of(body)]
        coupon = self._coupon(coupon_of(body))
        return Answer(200, {"price": price(items, customer, coupon, self._tariff)})

    def show_order(self, request: Request) -> Answer:
        return Answer(200, order_view(self._store.order(request.number("id"))))

    def show_invoice(self, request: Request) -> Answer:
        order = self._store.order(request.number("id"))
        customer = self._store.customer(order.customer_id)
        products = {line.sku: self._product(Item(line.sku, line.quantity, line.unit_cents)) for line in order.lines}
        return Answer(200, invoice(order, customer, products))

    def refund_order(self, request: Request) -> Answer:
        order = self._store.order(request.number("id"))
        self._ledger.refund(order.customer_id, order.total_cents, f"order-{order.id}")
        logger.info("order %d is refunded, %d cents", order.id, order.total_cents)
        return Answer(200, {"id": order.id, "refunded": order.total_cents})

    def charge_back(self, request: Request) -> Answer:
        """The customer's bank took the money back: what was refunded before is owed again."""
        order = self._store.order(request.number("id"))
        self._ledger.charge_back(order.customer_id, order.total_cents, f"order-{order.id}")
        return Answer(200, {"id": order.id, "charged_back": order.total_cents})

    def list_orders(self, request: Request) -> Answer:
        customer = self._store.customer(request.number("id"))
        orders = self._store.orders_of(customer.id, MOST_ORDERS)
        return Answer(200, {"customer": customer.id, "orders": [order_view(order) for order in orders]})

    def show_summary(self, request: Request) -> Answer:
        customer = self._store.customer(request.number("id"))
        spending = self._store.spending_of(customer.id)
        return Answer(200, {"customer": customer.id, "name": customer.name, **spending})

    def show_statement(self, request: Request) -> Answer:
        customer = self._store.customer(request.number("id"))
        page = int(request.query.get("page", "1"))
        return Answer(200, self._ledger.statement(f"customer-{customer.id}", page))

    def show_largest(self, request: Request) -> Answer:
        customer = self._store.customer(request.number("id"))
        return Answer(200, {"customer": customer.id, "largest": self._store.largest_of(customer.id)})

    def show_best_sellers(self, request: Request) -> Answer:
        return Answer(200, {"best_sellers": self._store.best_sellers(int(request.query.get("limit", "10")))})

    def show_revenue(self, request: Request) -> Answer:
        return Answer(200, self._ledger.months("shop-revenue"))

    def show_revenue_statement(self, request: Request) -> Answer:
        size = int(request.query.get("size", "20"))
        statement = self._ledger.statement("shop-revenue", int(request.query.get("page", "1")), size)
        return Answer(200, {"entries": len(statement["entries"]), "page": statement["page"]})

    def list_products(self, request: Request) -> Answer:
        found = self._store.products(request.query.get("q", ""), 20)
        return Answer(200, {"products": [{"sku": product.sku, "name": product.name} for product in found]})

    def _customer(self, body: dict[str, object]) -> Customer:
        """By number, or by e-mail address."""
        who = body.get("customer")
        if isinstance(who, str) and "@" in who:
            return self._store.customer_with_email(who)
        return self._store.customer(positive(body, "customer"))

    def _product(self, item: Item) -> Product:
        product = self._store.product(item.sku)
        if product is not None:
            return product
        if item.unit_cents is None:
            raise AppError(422, f"there is no product {item.sku}")
        return Product(item.sku, item.sku, item.unit_cents, USUAL_VAT_PERCENT, USUAL_GRAMS)

    def _coupon(self, code: str | None) -> Coupon | None:
        return None if code is None else self._store.find_coupon(code)

    def _refuse_when_behind(self) -> None:
        depth = self._store.queue_depth()
        if depth >= self._settings.queue_limit:
            raise AppError(503, f"{depth} postings wait for the ledger, no more orders are taken")


def order_view(order: Order) -> dict[str, object]:
    return {
        "id": order.id,
        "customer": order.customer_id,
        "status": order.status,
        "currency": order.currency,
        "total": order.total_cents,
        "placed_at": order.placed_at,
        "lines": [{"sku": line.sku, "quantity": line.quantity, "cents": line.unit_cents} for line in order.lines],
    }
