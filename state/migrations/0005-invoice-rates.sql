-- Why: a seller that bills in another currency converts by a rate of its own,
-- which beats the day's. Such a fact says whose invoice it is of and which month
-- that bills; one of a day has neither, as every fact so far.
ALTER TABLE exchange_rates ADD COLUMN basis   TEXT NOT NULL DEFAULT 'day'; -- day or invoice
ALTER TABLE exchange_rates ADD COLUMN seller  TEXT NOT NULL DEFAULT '';
ALTER TABLE exchange_rates ADD COLUMN account TEXT NOT NULL DEFAULT ''; -- '' for every account of the seller
ALTER TABLE exchange_rates ADD COLUMN period  TEXT NOT NULL DEFAULT '';
