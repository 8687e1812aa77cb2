-- Why: a client that heard no answer asks again, and must get the first answer
-- and no second effect. What was applied from files is kept whole, so that a
-- difference can be shown before the next file counts.
CREATE TABLE idempotency (
    scope      TEXT   NOT NULL, -- the action that the key belongs to
    key        TEXT   NOT NULL,
    digest     TEXT   NOT NULL, -- SHA-256 of the request, hexadecimal
    response   TEXT   NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (scope, key)
);

CREATE TABLE applied (
    seq        BIGINT NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    digest     TEXT   NOT NULL, -- SHA-256 of yaml, hexadecimal
    yaml       TEXT   NOT NULL,
    applied_at BIGINT NOT NULL,
    applied_by TEXT   NOT NULL  -- principal or token prefix, as the audit trail names them
);

CREATE INDEX applied_by_name ON applied (name, seq);
