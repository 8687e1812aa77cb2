INSERT INTO organisation VALUES ('team', 'letters', '', '2026-02-01', '', 'CC-7');
