-- A log-out request of an IdP finds its sessions by name, without any cookie.
CREATE INDEX sessions_by_name ON sessions (idp, name_id);
