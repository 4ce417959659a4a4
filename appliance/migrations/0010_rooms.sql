ALTER TABLE rooms ADD COLUMN icon TEXT NOT NULL DEFAULT '';
ALTER TABLE rooms ADD COLUMN picture TEXT NOT NULL DEFAULT '';
ALTER TABLE rooms ADD COLUMN category TEXT NOT NULL DEFAULT '';
ALTER TABLE rooms ADD COLUMN posting TEXT NOT NULL DEFAULT 'everyone';
ALTER TABLE rooms ADD COLUMN slow_s INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rooms ADD COLUMN member_limit INTEGER NOT NULL DEFAULT 0;  -- 0: the server's own
ALTER TABLE rooms ADD COLUMN locked INTEGER NOT NULL DEFAULT 0;        -- a secret room with a password
ALTER TABLE rooms ADD COLUMN expires_at INTEGER NOT NULL DEFAULT 0;    -- 0: never
ALTER TABLE rooms ADD COLUMN archived_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rooms ADD COLUMN deleted_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX rooms_categories ON rooms (category) WHERE category <> '';

-- How to get into a room that nobody finds. Not a column of rooms, so that no answer about a room can hold it.
CREATE TABLE secrets (
    room     TEXT PRIMARY KEY REFERENCES rooms (id),
    code     TEXT NOT NULL UNIQUE,
    password TEXT NOT NULL             -- argon2id, or empty
) WITHOUT ROWID;

CREATE TABLE categories (
    id       TEXT PRIMARY KEY,
    name     TEXT NOT NULL,
    position INTEGER NOT NULL
) WITHOUT ROWID;

ALTER TABLE members ADD COLUMN muted_until INTEGER NOT NULL DEFAULT 0;

CREATE TABLE bans (
    room    TEXT NOT NULL REFERENCES rooms (id),
    account TEXT NOT NULL REFERENCES accounts (id),
    by      TEXT NOT NULL REFERENCES accounts (id),
    reason  TEXT NOT NULL,
    at      INTEGER NOT NULL,
    until   INTEGER NOT NULL,          -- 0: for ever
    PRIMARY KEY (room, account)
) WITHOUT ROWID;

-- Who was in a deleted room, to be in it again when that is undone.
CREATE TABLE dismissed (
    room        TEXT NOT NULL REFERENCES rooms (id),
    account     TEXT NOT NULL REFERENCES accounts (id),
    role        TEXT NOT NULL,
    joined_at   INTEGER NOT NULL,
    joined_seq  INTEGER NOT NULL,
    muted_until INTEGER NOT NULL,
    PRIMARY KEY (room, account)
) WITHOUT ROWID;
