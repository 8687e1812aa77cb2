INSERT INTO organisation VALUES ('business_unit', 'retail', '', '2025-01-01', '');
INSERT INTO settings VALUES ('zone', 'Europe/Zurich', 1764000000000000);
INSERT INTO exchange_rates VALUES ('rate-1', 'EUR', 'USD', '1.08', '2025-11-24', 'ecb', 1764000000000000);
