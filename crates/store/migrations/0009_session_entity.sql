-- The service provider that the assertion was for: a session opens its apps and no others. NULL in
-- rows that an older node writes; there the app of the sign-in tells.
ALTER TABLE sessions ADD COLUMN entity_id TEXT;
