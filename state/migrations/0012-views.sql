-- Why: a view of the dashboard is the query of its address, and people come back to
-- some of them. A view is kept for who named it, by the name that the audit trail has
-- for them; it holds no figure and no person.
CREATE TABLE views (
    owner    TEXT   NOT NULL, -- person/… or token/…, or system
    name     TEXT   NOT NULL,
    page     TEXT   NOT NULL, -- a path, like /explore
    query    TEXT   NOT NULL, -- what stands behind the question mark
    saved_at BIGINT NOT NULL,
    PRIMARY KEY (owner, name)
);
