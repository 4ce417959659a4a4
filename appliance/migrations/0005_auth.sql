-- What somebody is in the community: 'admin', 'moderator', 'member' or 'guest'.
ALTER TABLE accounts ADD COLUMN role TEXT NOT NULL DEFAULT 'member';
UPDATE accounts SET role = 'admin' WHERE admin = 1;
ALTER TABLE accounts DROP COLUMN admin;

ALTER TABLE accounts ADD COLUMN picture TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN status TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN status_until INTEGER NOT NULL DEFAULT 0;  -- 0: until it is changed
ALTER TABLE accounts ADD COLUMN about TEXT NOT NULL DEFAULT '';
-- The display name, and the name, as the eye sees them (UTS #39); null: not worked out yet.
ALTER TABLE accounts ADD COLUMN skeleton TEXT;
ALTER TABLE accounts ADD COLUMN name_skeleton TEXT;
ALTER TABLE accounts ADD COLUMN trusted_at INTEGER NOT NULL DEFAULT 0;    -- the limits of a newcomer end here
ALTER TABLE accounts ADD COLUMN suspended_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN suspended_why TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN muted_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN deleted_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX accounts_skeleton ON accounts (skeleton);
CREATE INDEX accounts_name_skeleton ON accounts (name_skeleton);

-- What a session may do; empty: everything that its account may.
ALTER TABLE sessions ADD COLUMN scopes TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN expires_at INTEGER NOT NULL DEFAULT 0;    -- 0: never

UPDATE settings SET name = 'name' WHERE name = 'community';
