INSERT INTO crossings VALUES ('c1', '{"Budget":"support/month"}', 1764547200000000, 1764064800000000);
INSERT INTO notices VALUES ('c1', 'room', 'waiting', '{"tries":1}', 1764064800000000, 1764064805000000);
