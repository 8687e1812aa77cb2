-- Why: what comes late to a month that finance has closed is posted in the next one, so the
-- ledger must know which months are closed, and auditors by whom. Rows are only ever added.
CREATE TABLE closed_periods (
    period    TEXT   NOT NULL PRIMARY KEY, -- a finance month, 2026-11, closed with all before it
    closed_at BIGINT NOT NULL,
    closed_by TEXT   NOT NULL              -- as the audit trail names who did it
);
