INSERT INTO closed_periods VALUES ('2025-10', 1, 'token/aaaaaaaa');
