CREATE TABLE rooms (
    id           TEXT PRIMARY KEY,
    kind         TEXT NOT NULL,
    name         TEXT NOT NULL,
    topic        TEXT NOT NULL,
    history      TEXT NOT NULL,
    pair         TEXT UNIQUE,          -- a direct message's two accounts in order, else null
    member_count INTEGER NOT NULL DEFAULT 0,
    created_at   INTEGER NOT NULL,
    rev          INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX rooms_public ON rooms (member_count DESC) WHERE kind = 'public';

CREATE TABLE members (
    room       TEXT NOT NULL REFERENCES rooms (id),
    account    TEXT NOT NULL REFERENCES accounts (id),
    role       TEXT NOT NULL,
    joined_at  INTEGER NOT NULL,
    joined_seq INTEGER NOT NULL,
    PRIMARY KEY (room, account)
) WITHOUT ROWID;
CREATE INDEX members_account ON members (account, room);

-- Which stretches of a room's log an account may see; to_seq null while it is a member.
CREATE TABLE member_intervals (
    room     TEXT NOT NULL REFERENCES rooms (id),
    account  TEXT NOT NULL REFERENCES accounts (id),
    from_seq INTEGER NOT NULL,
    to_seq   INTEGER,
    PRIMARY KEY (room, account, from_seq)
) WITHOUT ROWID;
