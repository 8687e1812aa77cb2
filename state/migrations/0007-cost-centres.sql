-- Why: a team's spending is charged to a cost centre, which changes with the team
-- and its days. Teams so far have none.
ALTER TABLE organisation ADD COLUMN cost_centre TEXT NOT NULL DEFAULT '';
