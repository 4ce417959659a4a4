-- One conversation with the staff. The room holds what is said; waiting is read from its messages.
CREATE TABLE tickets (
    room      TEXT PRIMARY KEY REFERENCES rooms (id),
    asker     TEXT NOT NULL REFERENCES accounts (id),
    subject   TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER NOT NULL DEFAULT 0,  -- 0: open
    assignee  TEXT NOT NULL DEFAULT ''     -- of the staff, or nobody yet
) WITHOUT ROWID;
CREATE INDEX tickets_asker ON tickets (asker);
CREATE INDEX tickets_open ON tickets (opened_at) WHERE closed_at = 0;
