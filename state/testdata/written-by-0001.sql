INSERT INTO people VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaa', 'Ada Known', 'ada@example.org', '["sso:1"]', 1764000000000000, 0);
INSERT INTO tokens VALUES ('bbbbbbbb', 'hash-of-b', 'gateway', 'triage', 1764000000000000, 0, '2025-11-24', 0, 0);
INSERT INTO roles VALUES ('token', 'bbbbbbbb', 'gateway', 'retail', 'claims', 'triage');
INSERT INTO roles VALUES ('principal', 'aaaaaaaaaaaaaaaaaaaaaaaaaa', 'viewer', '', '', '');
INSERT INTO sessions VALUES ('hash-of-s', 'aaaaaaaaaaaaaaaaaaaaaaaaaa', '', 1764000000000000, 1764003600000000);
