-- Why: a forecast is worth what its error says, and that is known when its days are over.
-- Each one is kept as it was told, is never changed, and is set against the ledger when
-- somebody asks. It holds names and figures of groups, and no person.
CREATE TABLE forecasts (
    id       TEXT   NOT NULL PRIMARY KEY, -- of its content: the same forecast is kept once
    asked    TEXT   NOT NULL,             -- the question, whatever the day
    forecast TEXT   NOT NULL,             -- JSON
    from_at  BIGINT NOT NULL,
    to_at    BIGINT NOT NULL,             -- not included
    kept_at  BIGINT NOT NULL
);

CREATE INDEX forecasts_by_end ON forecasts (asked, to_at);
CREATE INDEX forecasts_by_made ON forecasts (kept_at, id);
