CREATE INDEX orders_by_customer ON orders (customer_id, id);
CREATE INDEX order_lines_by_order ON order_lines (order_id);
