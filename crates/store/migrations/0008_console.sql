-- Who changed what, in the order in which it happened; nothing is ever changed here.
CREATE TABLE history (
    number BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    author TEXT NOT NULL,
    address TEXT NOT NULL,
    event TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    document_before TEXT,
    document_after TEXT
);
CREATE TABLE history_number (
    one BIGINT PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO history_number (one, value) VALUES (1, 0);

-- Sessions of administrators; a restart keeps them, all nodes share them.
CREATE TABLE console_sessions (
    token_hash TEXT PRIMARY KEY,
    author TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    confirmed_at BIGINT NOT NULL
);

-- Ways into the console that work once: the link of a start, and the hop from an app.
CREATE TABLE console_tickets (
    token_hash TEXT PRIMARY KEY,
    author TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- Wrong passwords, by the address that sent them.
CREATE TABLE console_failures (
    source TEXT PRIMARY KEY,
    count BIGINT NOT NULL,
    first_at BIGINT NOT NULL
);
