INSERT INTO forecasts VALUES ('f1', 'q1', '{"rows":[]}', 1, 2, 1);
