-- The one IdP that may sign a user in, and which entity it was. Who has an IdP's tag was its user
-- already; which entity that was is filled in at the next start, which reads the settings.
ALTER TABLE users ADD COLUMN bound_idp TEXT;
ALTER TABLE users ADD COLUMN bound_entity_id TEXT;
UPDATE users SET bound_idp = idp WHERE idp IS NOT NULL;
CREATE INDEX users_by_binding ON users (bound_idp, bound_entity_id);
