-- Why: the keys of vendors may be kept in the data folder, so that they need no variable
-- and no file of their own. A row holds a box alone, sealed under a master key that is
-- in no store and no backup.
CREATE TABLE upstream_keys (
    name   TEXT   NOT NULL PRIMARY KEY, -- as routes name it
    box    TEXT   NOT NULL,             -- sealed; says under which master key
    set_at BIGINT NOT NULL
);
