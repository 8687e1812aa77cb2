-- Why: applications, workflows and agents show up in traffic before anybody says
-- whose they are. What people say of them, and by which names they go, is added to
-- and never changed: the newest row of a name counts, so that every claim, rename
-- and merge stays readable, and none is lost when it is taken back. What traffic
-- tells is a row a name, with its first and last use.
CREATE TABLE register_entries (
    seq        BIGINT NOT NULL PRIMARY KEY,
    kind       TEXT   NOT NULL, -- application, workflow or agent
    name       TEXT   NOT NULL,
    team       TEXT   NOT NULL, -- '' while nobody answers for it
    contact    TEXT   NOT NULL, -- principal id, '' for none
    purpose    TEXT   NOT NULL,
    retired    BIGINT NOT NULL, -- 1 when it should be seen no more
    changed_at BIGINT NOT NULL,
    changed_by TEXT   NOT NULL  -- as the audit trail names them
);

CREATE INDEX register_entries_by_name ON register_entries (kind, name, seq);

CREATE TABLE register_names (
    seq        BIGINT NOT NULL PRIMARY KEY,
    kind       TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    means      TEXT   NOT NULL, -- '' when it means nothing else any more
    valid_from TEXT   NOT NULL, -- day
    valid_to   TEXT   NOT NULL, -- first day it no longer holds, '' while it does
    changed_at BIGINT NOT NULL,
    changed_by TEXT   NOT NULL
);

CREATE INDEX register_names_by_name ON register_names (kind, name, valid_from, seq);

CREATE TABLE register_seen (
    kind     TEXT   NOT NULL,
    name     TEXT   NOT NULL,
    first_at BIGINT NOT NULL, -- used, not booked
    last_at  BIGINT NOT NULL,
    PRIMARY KEY (kind, name)
);
