-- Why: a threshold is told once, also when the program is killed between noticing
-- and telling. A crossing is kept in one transaction with the notices that come of
-- it, one for each channel; a notice is tried until it arrives, or is given up, and
-- says why. Both hold names and figures, no address and no secret.
CREATE TABLE crossings (
    id       TEXT   NOT NULL PRIMARY KEY, -- of the one message about it
    crossing TEXT   NOT NULL,             -- JSON
    ends_at  BIGINT NOT NULL,             -- of its window, 0 when that has no end
    told_at  BIGINT NOT NULL
);

CREATE TABLE notices (
    message  TEXT   NOT NULL,
    channel  TEXT   NOT NULL, -- a name, '' when nobody is named who is to be told
    state    TEXT   NOT NULL, -- waiting, delivered or given_up
    delivery TEXT   NOT NULL, -- JSON: the message, and how its delivery went
    made_at  BIGINT NOT NULL,
    next_at  BIGINT NOT NULL, -- not to be tried before
    PRIMARY KEY (message, channel)
);

CREATE INDEX notices_by_next ON notices (state, next_at);
CREATE INDEX notices_by_made ON notices (made_at, message, channel);
