"""Bodies of requests, checked at the door."""
import json
import re
from dataclasses import dataclass

from orders.errors import AppError

NOTE = re.compile(r"[\w .,;:!?'()/-]*")
COUPON = re.compile(r"[A-Za-z0-9]{1,20}")
CURRENCIES = ("EUR", "USD", "GBP", "CHF")
MOST_ITEMS = 50


def body_of(raw: bytes) -> dict[str, object]:
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise AppError(400, f"the body is not JSON: {error}") from error
    if not isinstance(body, dict):
        raise AppError(400, "the body is not an object")
    return body


def positive(body: dict[str, object], name: str) -> int:
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise AppError(422, f"{name} must be a positive whole number")
    return value


@dataclass(frozen=True)
class Item:
    sku: str
    quantity: int
    """Of the seller, where it is not from our catalogue."""
    unit_cents: int | None


def items_of(body: dict[str, object]) -> list[Item]:
    items = body.get("items")
    if not isinstance(items, list) or not 1 <= len(items) <= MOST_ITEMS:
        raise AppError(422, f"items must be a list of 1 to {MOST_ITEMS}")
    return [item_of(item) for item in items]


def item_of(item: dict[str, object]) -> Item:
    unit_cents = positive(item, "unit_price_cents") if "unit_price_cents" in item else None
    return Item(str(item.get("sku")), positive(item, "quantity"), unit_cents)


def note_of(body: dict[str, object]) -> str:
    note = str(body.get("note", ""))
    if not NOTE.fullmatch(note):
        raise AppError(422, "note holds characters that cannot be printed on the parcel")
    return note


def coupon_of(body: dict[str, object]) -> str | None:
    coupon = body.get("coupon")
    if coupon is None or coupon == "":
        return None
    if not COUPON.fullmatch(str(coupon)):
        raise AppError(422, "coupon must be 1 to 20 letters and digits")
    return str(coupon)


def currency_of(body: dict[str, object], usual: str) -> str:
    currency = str(body.get("currency", usual))
    if currency not in CURRENCIES:
        raise AppError(422, f"currency must be one of {', '.join(CURRENCIES)}")
    return currency
