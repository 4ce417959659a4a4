ALTER TABLE messages ADD COLUMN mentions TEXT NOT NULL DEFAULT '';    -- ids of accounts, a space between
ALTER TABLE messages ADD COLUMN everyone INTEGER NOT NULL DEFAULT 0;  -- for the whole room
CREATE INDEX messages_everyone ON messages (room, seq) WHERE everyone = 1;

-- Which messages are for whom, in the order in which each one reads them.
CREATE TABLE mentions (
    account TEXT NOT NULL REFERENCES accounts (id),
    room    TEXT NOT NULL REFERENCES rooms (id),
    seq     INTEGER NOT NULL,
    PRIMARY KEY (account, room, seq)
) WITHOUT ROWID;

ALTER TABLE read_marks ADD COLUMN delivered INTEGER NOT NULL DEFAULT 0;
ALTER TABLE read_marks ADD COLUMN marked_unread INTEGER NOT NULL DEFAULT 0;
ALTER TABLE read_marks ADD COLUMN level TEXT NOT NULL DEFAULT 'all';
ALTER TABLE read_marks ADD COLUMN muted_until INTEGER NOT NULL DEFAULT 0;

CREATE TABLE drafts (
    account  TEXT NOT NULL REFERENCES accounts (id),
    room     TEXT NOT NULL REFERENCES rooms (id),
    text     TEXT NOT NULL,
    reply_to TEXT NOT NULL,
    device   TEXT NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (account, room)
) WITHOUT ROWID;
