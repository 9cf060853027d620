import pytest

from orders.errors import AppError
from orders.validation import coupon_of, items_of


def test_a_quantity_is_a_positive_whole_number():
    with pytest.raises(AppError):
        items_of({"items": [{"sku": "SKU-001", "quantity": 0}]})


def test_no_coupon_is_no_coupon():
    assert coupon_of({}) is None
