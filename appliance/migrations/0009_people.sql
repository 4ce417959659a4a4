-- Whom somebody does not want to hear from.
CREATE TABLE blocks (
    account TEXT NOT NULL REFERENCES accounts (id),
    blocked TEXT NOT NULL REFERENCES accounts (id),
    at      INTEGER NOT NULL,
    PRIMARY KEY (account, blocked)
) WITHOUT ROWID;
CREATE INDEX blocks_blocked ON blocks (blocked);

-- What somebody calls others; nobody else sees it.
CREATE TABLE nicknames (
    account TEXT NOT NULL REFERENCES accounts (id),
    person  TEXT NOT NULL REFERENCES accounts (id),
    name    TEXT NOT NULL,
    PRIMARY KEY (account, person)
) WITHOUT ROWID;
CREATE INDEX nicknames_person ON nicknames (person);

-- What is equal on all devices of an account. No row: as the defaults here say.
CREATE TABLE preferences (
    account     TEXT PRIMARY KEY REFERENCES accounts (id),
    receipts    INTEGER NOT NULL DEFAULT 1,
    last_seen   INTEGER NOT NULL DEFAULT 1,
    invisible   INTEGER NOT NULL DEFAULT 0,
    sounds      INTEGER NOT NULL DEFAULT 1,
    toasts      INTEGER NOT NULL DEFAULT 1,
    enter_sends INTEGER NOT NULL DEFAULT 1
) WITHOUT ROWID;

-- Pictures in use, of people and of rooms. A file without a row here is swept away.
CREATE TABLE pictures (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL
) WITHOUT ROWID;
