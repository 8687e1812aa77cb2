INSERT INTO exchange_rates VALUES ('rate-2', 'EUR', 'USD', '1.1', '2025-12-02', 'bill', 1764700000000000, 'invoice', 'acme', 'eu', '2025-11');
