-- Why: an organisation changes while its books stay. A unit is dated, so that
-- last year's spending still belongs to last year's team. Settings say how time
-- and money are shown; exchange rates are facts that are added to, never changed.
CREATE TABLE organisation (
    kind       TEXT NOT NULL,
    name       TEXT NOT NULL, -- for a person the principal id
    parent     TEXT NOT NULL, -- '' for none
    valid_from TEXT NOT NULL, -- day
    valid_to   TEXT NOT NULL, -- first day it no longer holds, '' while it does
    PRIMARY KEY (kind, name, parent, valid_from)
);

CREATE TABLE settings (
    name   TEXT   NOT NULL PRIMARY KEY,
    value  TEXT   NOT NULL,
    set_at BIGINT NOT NULL
);

CREATE TABLE exchange_rates (
    id            TEXT   NOT NULL PRIMARY KEY,
    from_currency TEXT   NOT NULL,
    to_currency   TEXT   NOT NULL,
    rate          TEXT   NOT NULL, -- decimal
    day           TEXT   NOT NULL,
    source        TEXT   NOT NULL,
    known_at      BIGINT NOT NULL
);

CREATE INDEX exchange_rates_by_day ON exchange_rates (from_currency, to_currency, day);
