CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE accounts (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    display    TEXT NOT NULL,
    password   TEXT NOT NULL,
    admin      INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX accounts_display ON accounts (display COLLATE NOCASE);

-- A session belongs to a device; what hangs on a device outlives any one session.
CREATE TABLE devices (
    id         TEXT PRIMARY KEY,
    account    TEXT NOT NULL REFERENCES accounts (id),
    name       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL,
    revoked_at INTEGER
) WITHOUT ROWID;
CREATE INDEX devices_account ON devices (account);

CREATE TABLE sessions (
    token      BLOB PRIMARY KEY,       -- SHA-256 of the token
    device     TEXT NOT NULL REFERENCES devices (id),
    created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_device ON sessions (device);

CREATE TABLE invites (
    id         TEXT PRIMARY KEY,
    code       TEXT NOT NULL UNIQUE,
    creator    TEXT NOT NULL REFERENCES accounts (id),
    uses_left  INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;
