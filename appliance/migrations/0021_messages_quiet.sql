-- What stands in a room's log and is nothing to read: nobody has it unread.
ALTER TABLE messages ADD COLUMN quiet INTEGER NOT NULL DEFAULT 0;
