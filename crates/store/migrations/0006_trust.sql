-- The SP's own keys. One signs (active), the others are published and decrypt beside it. Changing
-- them bumps settings_revision, so that every node takes them over.
CREATE TABLE sp_keys (
    id TEXT PRIMARY KEY,
    active BOOLEAN NOT NULL,
    certificate TEXT NOT NULL,
    sealed_key TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- What was observed of each key of an IdP; whether it is trusted stands in the settings.
CREATE TABLE idp_keys (
    idp TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    first_seen_at BIGINT NOT NULL,
    last_used_at BIGINT,
    PRIMARY KEY (idp, fingerprint)
);

-- How the latest look at an IdP's metadata ended, and the attributes it offered.
CREATE TABLE idp_metadata (
    idp TEXT PRIMARY KEY,
    tried_at BIGINT NOT NULL,
    fetched_at BIGINT,
    refresh_by BIGINT,
    problem TEXT NOT NULL,
    offered TEXT NOT NULL
);
