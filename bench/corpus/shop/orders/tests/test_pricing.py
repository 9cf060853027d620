from orders.pricing import Tariff, discount_percent, price, shipping_for
from orders.store import Coupon, Customer, Product

TARIFF = Tariff(shipping_cents=490, free_shipping_from_cents=6000)
PEN = Product("SKU-001", "Pen", 1190, 19, 40)
ANNA = Customer(1, "Anna", "anna@example.com", "standard")


def test_shipping_is_free_from_a_limit():
    assert shipping_for(5999, TARIFF) == 490
    assert shipping_for(6000, TARIFF) == 0


def test_the_better_of_two_discounts_counts():
    assert discount_percent(ANNA, Coupon("AUTUMN15", 15, None)) == 15


def test_a_price_holds_its_tax():
    assert price([(PEN, 2)], ANNA, None, TARIFF)["vat"] == 380
