-- One text for SQLite and PostgreSQL: ids and hashes TEXT, times BIGINT (Unix milliseconds),
-- booleans BOOLEAN, JSON TEXT. Forward only; a node of the version before may still be running.

CREATE TABLE properties (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE settings (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (kind, name)
);

CREATE TABLE settings_revision (
    one BIGINT PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO settings_revision (one, value) VALUES (1, 1);

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    full_name TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    idp TEXT,
    password_hash TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX users_by_email ON users (email_key);

CREATE TABLE directory_groups (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- One row for each source: sources are independent of each other.
CREATE TABLE memberships (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    group_id TEXT NOT NULL REFERENCES directory_groups (id) ON DELETE CASCADE,
    source TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, group_id, source)
);
CREATE INDEX memberships_by_group ON memberships (group_id, user_id);

CREATE TABLE child_groups (
    parent_id TEXT NOT NULL REFERENCES directory_groups (id) ON DELETE CASCADE,
    child_id TEXT NOT NULL REFERENCES directory_groups (id) ON DELETE CASCADE,
    PRIMARY KEY (parent_id, child_id)
);
CREATE INDEX child_groups_by_child ON child_groups (child_id, parent_id);

-- IDs of assertions and requests that were used; never taken back, swept when they expire.
CREATE TABLE claims (
    idp TEXT NOT NULL,
    id TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (idp, id)
);
CREATE INDEX claims_by_expiry ON claims (expires_at);

CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    idp TEXT NOT NULL,
    name_id TEXT,
    name_id_format TEXT,
    name_qualifier TEXT,
    sp_name_qualifier TEXT,
    session_index TEXT,
    app TEXT NOT NULL,
    attempt_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE one_time_passwords (
    hash TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    attempt_id TEXT NOT NULL,
    applications TEXT NOT NULL,
    checks_left BIGINT NOT NULL,
    checks_done BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX one_time_passwords_by_expiry ON one_time_passwords (expires_at);

CREATE TABLE attempts (
    id TEXT PRIMARY KEY,
    started_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    app TEXT NOT NULL,
    idp TEXT,
    user_name TEXT,
    outcome TEXT NOT NULL,
    code TEXT NOT NULL,
    rule TEXT NOT NULL,
    hint TEXT NOT NULL,
    detail TEXT NOT NULL,
    address TEXT NOT NULL,
    timeline TEXT NOT NULL
);
CREATE INDEX attempts_by_update ON attempts (updated_at, id);
