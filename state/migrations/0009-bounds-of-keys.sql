-- Why: a key for models may be bound below its application: to a workflow, an
-- environment, to some models and some endpoints. A token without bounds has ''.
ALTER TABLE tokens ADD COLUMN bounds TEXT NOT NULL DEFAULT '';
