-- A session keeps what its limits are counted from, and the settings of the moment say where it ends:
-- when it was used last, what the IdP said of its end (SessionNotOnOrAfter, as it stands there), and
-- whether it outlives the browser. In rows that an older node writes all three are NULL, and
-- expires_at tells what the IdP said; in newer rows expires_at is for older nodes alone.
ALTER TABLE sessions ADD COLUMN used_at BIGINT;
ALTER TABLE sessions ADD COLUMN session_not_on_or_after BIGINT;
ALTER TABLE sessions ADD COLUMN remembered BOOLEAN;
CREATE INDEX sessions_by_start ON sessions (created_at);
CREATE INDEX sessions_by_use ON sessions (remembered, used_at);
