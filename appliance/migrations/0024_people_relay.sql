-- Keep one's address from the other side of a call; null as long as nobody chose.
ALTER TABLE preferences ADD COLUMN relay_calls INTEGER;
