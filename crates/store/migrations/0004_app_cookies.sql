-- The apps' own session cookies, by hash, each with the session of Samlgate that it belongs to. There
-- is no reference: a row must outlive its session, because from then on the cookie is refused.

CREATE TABLE app_cookies (
    cookie_hash TEXT PRIMARY KEY,
    session_hash TEXT NOT NULL,
    scope TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX app_cookies_by_expiry ON app_cookies (expires_at);
