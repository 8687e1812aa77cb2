-- Why: who changed what has to be provable years later. The bytes that were
-- hashed are kept as they were, because hashing rows that are encoded again
-- breaks with every change of an encoder. Sequence number and previous hash are
-- inside the bytes; no second column repeats what they say.
CREATE TABLE audit (
    seq   BIGINT NOT NULL PRIMARY KEY,
    entry TEXT   NOT NULL, -- canonical JSON
    hash  TEXT   NOT NULL  -- SHA-256 of entry, hexadecimal
);
