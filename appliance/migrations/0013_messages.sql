ALTER TABLE messages ADD COLUMN mentions TEXT NOT NULL DEFAULT '';    -- ids of accounts, a space between
ALTER TABLE messages ADD COLUMN everyone INTEGER NOT NULL DEFAULT 0;  -- for the whole room
-- Of few rows, those; begins with what is always 1, so that it is taken before the table's own order.
CREATE INDEX messages_everyone ON messages (everyone, room, seq) WHERE everyone = 1;

-- Which messages name whom, in the order in which each one reads them. Nothing of one's own, nothing deleted.
CREATE TABLE mentions (
    account TEXT NOT NULL REFERENCES accounts (id),
    room    TEXT NOT NULL REFERENCES rooms (id),
    seq     INTEGER NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (account, room, seq)
) WITHOUT ROWID;
CREATE INDEX mentions_newest ON mentions (account, message);

-- Beside what an account has read: what its devices hold, where it put the room aside as unread (the head of the
-- log then; 0 for not), what it wants to be told of, and when it last posted where posting is slow.
ALTER TABLE read_marks ADD COLUMN delivered INTEGER NOT NULL DEFAULT 0;
ALTER TABLE read_marks ADD COLUMN put_aside INTEGER NOT NULL DEFAULT 0;
ALTER TABLE read_marks ADD COLUMN level TEXT NOT NULL DEFAULT 'all';
ALTER TABLE read_marks ADD COLUMN muted_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE read_marks ADD COLUMN posted_at INTEGER NOT NULL DEFAULT 0;

CREATE TABLE drafts (
    account  TEXT NOT NULL REFERENCES accounts (id),
    room     TEXT NOT NULL REFERENCES rooms (id),
    text     TEXT NOT NULL,
    reply_to TEXT NOT NULL,
    device   TEXT NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (account, room)
) WITHOUT ROWID;

-- Rooms in which the staff speaks with one voice: what they say is this account's.
CREATE TABLE voices (
    room    TEXT PRIMARY KEY REFERENCES rooms (id),
    account TEXT NOT NULL REFERENCES accounts (id)
) WITHOUT ROWID;
