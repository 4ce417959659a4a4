-- What a link makes of those who come by it, and where they find themselves.
ALTER TABLE invites ADD COLUMN uses INTEGER NOT NULL DEFAULT 0;       -- in all; 0: made before this was counted
ALTER TABLE invites ADD COLUMN role TEXT NOT NULL DEFAULT 'member';
ALTER TABLE invites ADD COLUMN rooms TEXT NOT NULL DEFAULT '';        -- ids, a space between
ALTER TABLE invites ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE invites ADD COLUMN revoked_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX invites_creator ON invites (creator);

ALTER TABLE accounts ADD COLUMN invite TEXT NOT NULL DEFAULT '';      -- the one that somebody came by
CREATE INDEX accounts_invite ON accounts (invite) WHERE invite <> '';
