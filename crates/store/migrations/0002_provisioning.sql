-- What provisioning must know beside name and groups.

-- The id that the IdP never changes: an IdP gives it to one person only.
ALTER TABLE users ADD COLUMN idp_id TEXT;
CREATE UNIQUE INDEX users_by_idp_id ON users (idp, idp_id);

-- Counted from the attempts by a job, so that a sign-in itself does not write it.
ALTER TABLE users ADD COLUMN signed_in_at BIGINT;

-- Why the user is in the group: the attribute and its value, or where an import read it.
ALTER TABLE memberships ADD COLUMN detail TEXT NOT NULL DEFAULT '';

-- When it was confirmed last, once its source no longer gives it; until then that is the user's
-- last sign-in.
ALTER TABLE memberships ADD COLUMN confirmed_at BIGINT;

-- A sign-in wanted to end it and waits for an administrator since then.
ALTER TABLE memberships ADD COLUMN held_at BIGINT;
CREATE INDEX memberships_held ON memberships (held_at) WHERE held_at IS NOT NULL;
