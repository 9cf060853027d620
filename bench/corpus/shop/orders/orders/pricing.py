"""What an order costs. All amounts are whole cents."""
from dataclasses import dataclass

from orders.store import Coupon, Customer, Line, Product

TIER_PERCENT = {"standard": 0, "gold": 5}


@dataclass(frozen=True)
class Tariff:
    shipping_cents: int
    free_shipping_from_cents: int


def price(
    items: list[tuple[Product, int]], customer: Customer, coupon: Coupon | None, tariff: Tariff
) -> dict[str, int]:
    goods = sum(product.price_cents * quantity for product, quantity in items)
    discount = goods * discount_percent(customer, coupon) // 100
    shipping = shipping_for(goods - discount, tariff)
    return {
        "goods": goods,
        "discount": discount,
        "shipping": shipping,
        "vat": vat_within(items, goods, discount),
        "total": goods - discount + shipping,
    }


def discount_percent(customer: Customer, coupon: Coupon | None) -> int:
    by_tier = TIER_PERCENT[customer.tier]
    by_coupon = 0 if coupon is None else coupon.percent
    return max(by_tier, by_coupon)


def shipping_for(goods_cents: int, tariff: Tariff) -> int:
    return 0 if goods_cents >= tariff.free_shipping_from_cents else tariff.shipping_cents


def vat_within(items: list[tuple[Product, int]], goods: int, discount: int) -> int:
    """The value added tax that the price already holds, with the discount spread evenly."""
    whole = 0
    for product, quantity in items:
        gross = product.price_cents * quantity
        whole += gross * product.vat_percent // (100 + product.vat_percent)
    return whole if goods == 0 else whole * (goods - discount) // goods


def lines_for(items: list[tuple[Product, int]]) -> list[Line]:
    return [Line(product.sku, quantity, product.price_cents) for product, quantity in items]
