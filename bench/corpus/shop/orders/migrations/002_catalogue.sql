-- What the old shop handed over: catalogue, customers and three years of orders.
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 80)
INSERT INTO products
SELECT printf('SKU-%03d', i), 'Article ' || i, 250 + (i * 137) % 4000, CASE i % 3 WHEN 0 THEN 7 ELSE 19 END, 80 + (i * 53) % 2400
FROM n;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
INSERT INTO customers
SELECT i, 'Customer ' || i, 'customer' || i || '@example.com', CASE WHEN i % 11 = 0 THEN 'gold' ELSE 'standard' END
FROM n;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 32000)
INSERT INTO orders
SELECT i, 1 + (i * 7) % 400, CASE WHEN i % 17 = 0 THEN 'cancelled' ELSE 'paid' END, 'EUR', 900 + (i * 311) % 20000, '',
  strftime('%Y-%m-%dT%H:%M:%SZ', 1700000000 + i * 1800, 'unixepoch')
FROM n;
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 95999)
INSERT INTO order_lines
SELECT 1 + i / 3, printf('SKU-%03d', 1 + (i * 29) % 80), 1 + i % 4, 250 + (i * 137) % 4000
FROM n;
INSERT INTO coupons VALUES ('WELCOME10', 10, NULL), ('AUTUMN15', 15, '2031-12-31');
