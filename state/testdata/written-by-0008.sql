INSERT INTO register_entries VALUES (1, 'agent', 'desk', 'claims', '', 'sorts letters', 0, 1764064800000000, 'token/abcdefgh');
INSERT INTO register_names VALUES (1, 'agent', 'helper', 'desk', '0001-01-01', '', 1764064800000000, 'token/abcdefgh');
INSERT INTO register_seen VALUES ('agent', 'helper', 1764064800000000, 1764064860000000);
