-- A link that lets people talk in one room under a display name only.
CREATE TABLE guest_links (
    id         TEXT PRIMARY KEY,
    code       TEXT NOT NULL UNIQUE,
    room       TEXT NOT NULL REFERENCES rooms (id),
    creator    TEXT NOT NULL REFERENCES accounts (id),
    uses       INTEGER NOT NULL,
    uses_left  INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX guest_links_room ON guest_links (room);

-- Who came by which; the row stays when a guest becomes a member.
CREATE TABLE guests (
    account TEXT PRIMARY KEY REFERENCES accounts (id),
    link    TEXT NOT NULL REFERENCES guest_links (id),
    came_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX guests_link ON guests (link);
