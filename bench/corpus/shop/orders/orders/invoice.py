"""An order as its invoice shows it."""
from orders.store import Customer, Order, Product


def invoice(order: Order, customer: Customer, products: dict[str, Product]) -> dict[str, object]:
    rows = [invoice_row(line.sku, line.quantity, line.unit_cents, products) for line in order.lines]
    return {
        "number": f"{order.placed_at[:4]}-{order.id:06d}",
        "to": {"name": customer.name, "email": customer.email, "tier": customer.tier},
        "rows": rows,
        "weight_grams": sum(row["weight_grams"] for row in rows),
        "total": money(order.total_cents, order.currency),
    }


def invoice_row(sku: str, quantity: int, unit_cents: int, products: dict[str, Product]) -> dict:
    product = products[sku]
    return {
        "sku": sku,
        "name": product.name,
        "quantity": quantity,
        "vat_percent": product.vat_percent,
        "weight_grams": product.weight_grams * quantity,
        "cents": unit_cents * quantity,
    }


def money(cents: int, currency: str) -> str:
    return f"{cents // 100}.{cents % 100:02d} {currency}"
