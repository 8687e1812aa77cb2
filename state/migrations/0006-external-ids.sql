-- Why: usage names people by whatever a source calls them, and none of that may
-- reach the ledger. A look-up by digest finds whose external id it is without
-- walking over everybody; the text itself stays with the person, so that one
-- erasure removes both.
CREATE TABLE external_ids (
    digest    TEXT NOT NULL PRIMARY KEY, -- SHA-256 of the external id, hexadecimal
    principal TEXT NOT NULL
);

CREATE INDEX external_ids_by_principal ON external_ids (principal);
