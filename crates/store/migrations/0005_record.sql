-- What an attempt's request and response said, sealed with the installation's key. Kept for some
-- days only, and apart from the attempts, which are listed often.
CREATE TABLE attempt_messages (
    attempt_id TEXT PRIMARY KEY,
    sealed TEXT NOT NULL,
    let_in BOOLEAN NOT NULL,
    kept_until BIGINT NOT NULL
);
CREATE INDEX attempt_messages_by_end ON attempt_messages (kept_until);
-- For the numbers by hour, without reading the records.
CREATE INDEX attempts_by_start ON attempts (started_at, outcome, code);
CREATE INDEX attempts_by_user ON attempts (user_name, id);
