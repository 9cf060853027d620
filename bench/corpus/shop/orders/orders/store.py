"""What is kept: products, customers, orders with their lines, coupons, and the sales still to be posted."""
import json
import sqlite3
from dataclasses import dataclass

from orders.errors import AppError, StoreError
from orders.pool import ConnectionPool


@dataclass(frozen=True)
class Product:
    sku: str
    name: str
    price_cents: int
    vat_percent: int
    weight_grams: int


@dataclass(frozen=True)
class Customer:
    id: int
    name: str
    email: str
    tier: str


@dataclass(frozen=True)
class Line:
    sku: str
    quantity: int
    unit_cents: int


@dataclass(frozen=True)
class Order:
    id: int
    customer_id: int
    status: str
    currency: str
    total_cents: int
    note: str
    placed_at: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Coupon:
    code: str
    percent: int
    valid_until: str | None


class Store:
    def __init__(self, pool: ConnectionPool):
        self._pool = pool
        self.last_depth = 0

    def product(self, sku: str) -> Product | None:
        with self._pool.connection() as db:
            row = db.execute("SELECT * FROM products WHERE sku = ?", (sku,)).fetchone()
        return None if row is None else Product(**row)

    def products(self, name_contains: str, limit: int) -> list[Product]:
        with self._pool.connection() as db:
            rows = db.execute(
                "SELECT * FROM products WHERE name LIKE ? ORDER BY sku LIMIT ?",
                (f"%{name_contains}%", limit),
            ).fetchall()
        return [Product(**row) for row in rows]

    def customer(self, customer_id: int) -> Customer:
        with self._pool.connection() as db:
            row = db.execute(
                "SELECT id, name, email, tier FROM customers WHERE id = ?", (customer_id,)
            ).fetchone()
        if row is None:
            raise AppError(404, f"there is no customer {customer_id}")
        return Customer(**row)

    def customer_with_email(self, email: str) -> Customer:
        """A new one where nobody has this address yet."""
        with self._pool.connection() as db:
            row = db.execute(
                "SELECT id, name, email, tier FROM customers WHERE email = ?", (email,)
            ).fetchone()
            if row is not None:
                return Customer(**row)
            name = email.split("@")[0]
            added = db.execute("INSERT INTO customers (name, email) VALUES (?, ?)", (name, email))
            return Customer(added.lastrowid, name, email, "standard")

    def find_coupon(self, code: str) -> Coupon | None:
        with self._pool.connection() as db:
            row = db.execute("SELECT * FROM coupons WHERE code = ?", (code.upper(),)).fetchone()
        return None if row is None else Coupon(**row)

    def order(self, order_id: int) -> Order:
        with self._pool.connection() as db:
            row = db.execute("SELECT * FROM orders WHERE id = ?", (order_id,)).fetchone()
            if row is None:
                raise AppError(404, f"there is no order {order_id}")
            return order_of(row, lines_of(db, order_id))

    def orders_of(self, customer_id: int, limit: int) -> list[Order]:
        """Newest first, with their lines: two queries, however many orders."""
        with self._pool.connection() as db:
            rows = db.execute(
                "SELECT * FROM orders WHERE customer_id = ? ORDER BY id DESC LIMIT ?",
                (customer_id, limit),
            ).fetchall()
            marks = ", ".join("?" for _ in rows)
            lines: dict[int, list[Line]] = {row["id"]: [] for row in rows}
            for line in db.execute(
                f"SELECT * FROM order_lines WHERE order_id IN ({marks}) ORDER BY rowid",
                [row["id"] for row in rows],
            ):
                lines[line["order_id"]].append(line_of(line))
        return [order_of(row, lines[row["id"]]) for row in rows]

    def spending_of(self, customer_id: int) -> dict[str, int]:
        """Count of orders, and cents spent on those that were not cancelled."""
        with self._pool.connection() as db:
            row = db.execute(
                "SELECT count(*) AS orders, coalesce(sum(total_cents), 0) AS cents FROM orders"
                " WHERE customer_id = ? AND status <> 'cancelled'",
                (customer_id,),
            ).fetchone()
        return {"orders": row["orders"], "cents": row["cents"]}

    def largest_of(self, customer_id: int) -> list[dict[str, object]]:
        """Orders of a customer by their number of pieces, the largest first."""
        with self._pool.connection() as db:
            rows = db.execute(
                "SELECT o.id, (SELECT sum(quantity) FROM order_lines l WHERE l.order_id = o.id) AS pieces"
                " FROM orders o WHERE o.customer_id = ? ORDER BY pieces DESC, o.id LIMIT 5",
                (customer_id,),
            ).fetchall()
        return [dict(row) for row in rows]

    def best_sellers(self, limit: int) -> list[dict[str, object]]:
        """Over all years: looks at every line there is."""
        with self._pool.connection() as db:
            rows = db.execute(
                "SELECT l.sku, sum(l.quantity) AS pieces, sum(l.quantity * l.unit_cents) AS cents"
                " FROM order_lines l GROUP BY l.sku ORDER BY cents DESC LIMIT ?",
                (limit,),
            ).fetchall()
        return [dict(row) for row in rows]

    def add_order(self, customer_id: int, currency: str, total_cents: int, note: str, lines: list[Line]) -> int:
        try:
            with self._pool.connection() as db:
                cursor = db.execute(
                    "INSERT INTO orders (customer_id, status, currency, total_cents, note, placed_at)"
                    " VALUES (?, 'placed', ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))",
                    (customer_id, currency, total_cents, note),
                )
                order_id = cursor.lastrowid
                db.executemany(
                    "INSERT INTO order_lines VALUES (?, ?, ?, ?)",
                    [(order_id, line.sku, line.quantity, line.unit_cents) for line in lines],
                )
                return order_id
        except sqlite3.Error as error:
            raise StoreError(f"an order of customer {customer_id} could not be kept") from error

    def set_status(self, order_id: int, status: str) -> None:
        with self._pool.connection() as db:
            db.execute("UPDATE orders SET status = ? WHERE id = ?", (status, order_id))

    def enqueue(self, posting: dict[str, object]) -> None:
        with self._pool.connection() as db:
            db.execute("INSERT INTO outbox (payload) VALUES (?)", (json.dumps(posting),))

    def next_posting(self) -> tuple[int, int, dict[str, object]] | None:
        """Id, attempts so far, and the oldest posting itself; they go out in their order."""
        with self._pool.connection() as db:
            row = db.execute("SELECT * FROM outbox ORDER BY id LIMIT 1").fetchone()
        return None if row is None else (row["id"], row["attempts"], json.loads(row["payload"]))

    def posting_failed(self, posting_id: int) -> None:
        with self._pool.connection() as db:
            db.execute("UPDATE outbox SET attempts = attempts + 1 WHERE id = ?", (posting_id,))

    def posting_done(self, posting_id: int) -> None:
        with self._pool.connection() as db:
            db.execute("DELETE FROM outbox WHERE id = ?", (posting_id,))

    def queue_depth(self) -> int:
        with self._pool.connection() as db:
            self.last_depth = db.execute("SELECT count(*) FROM outbox").fetchone()[0]
        return self.last_depth

    def ping(self) -> None:
        with self._pool.connection() as db:
            db.execute("SELECT 1").fetchone()


def lines_of(db: sqlite3.Connection, order_id: int) -> list[Line]:
    rows = db.execute("SELECT * FROM order_lines WHERE order_id = ? ORDER BY rowid", (order_id,))
    return [line_of(row) for row in rows]


def line_of(row: sqlite3.Row) -> Line:
    return Line(sku=row["sku"], quantity=row["quantity"], unit_cents=row["unit_cents"])


def order_of(row: sqlite3.Row, lines: list[Line]) -> Order:
    return Order(
        id=row["id"],
        customer_id=row["customer_id"],
        status=row["status"],
        currency=row["currency"],
        total_cents=row["total_cents"],
        note=row["note"],
        placed_at=row["placed_at"],
        lines=tuple(lines),
    )
