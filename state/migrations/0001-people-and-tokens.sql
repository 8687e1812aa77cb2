-- Why: every path into Bursar needs somebody to answer for it. Only here does a
-- person have a name; everywhere else stands the random principal id, so that
-- erasing one row makes sealed books nameless. Roles of people and of tokens
-- share one table, so that there is one place to ask who may do what.
CREATE TABLE people (
    principal    TEXT   NOT NULL PRIMARY KEY,
    name         TEXT   NOT NULL,
    email        TEXT   NOT NULL,
    external_ids TEXT   NOT NULL, -- JSON list of texts
    created_at   BIGINT NOT NULL,
    erased_at    BIGINT NOT NULL  -- 0 while known
);

CREATE TABLE tokens (
    prefix        TEXT   NOT NULL PRIMARY KEY,
    hash          TEXT   NOT NULL UNIQUE, -- SHA-256, hexadecimal; the token itself is nowhere
    kind          TEXT   NOT NULL,
    name          TEXT   NOT NULL,
    created_at    BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL, -- 0 for never
    last_used_day TEXT   NOT NULL, -- '' for never; nothing finer is kept
    exchanged_at  BIGINT NOT NULL, -- 0 until it became a session
    revoked_at    BIGINT NOT NULL  -- 0 while good
);

CREATE TABLE roles (
    subject_kind  TEXT NOT NULL, -- principal or token
    subject       TEXT NOT NULL,
    role          TEXT NOT NULL,
    business_unit TEXT NOT NULL,
    team          TEXT NOT NULL,
    application   TEXT NOT NULL,
    PRIMARY KEY (subject_kind, subject, role, business_unit, team, application)
);

CREATE TABLE sessions (
    hash         TEXT   NOT NULL PRIMARY KEY, -- SHA-256, hexadecimal
    principal    TEXT   NOT NULL, -- '' for a session of a token
    token_prefix TEXT   NOT NULL, -- '' for a session of a person
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL
);

CREATE INDEX sessions_by_principal ON sessions (principal);
