INSERT INTO upstream_keys VALUES ('openai', 'bursar1.0a1b2c3d.AAAA', 1764064800000000);
