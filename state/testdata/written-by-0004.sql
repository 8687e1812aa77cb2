INSERT INTO idempotency VALUES ('period.close', 'k1', 'd1', 'closed', 4102444800000000);
INSERT INTO applied VALUES (1, 'teams', 'd', 'a: 1', 1764000000000000, 'token/bbbbbbbb');
