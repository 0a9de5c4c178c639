-- A record that is finished is never written again. What comes later is a row of its own that names
-- the attempt it follows: an opening of the app, the same response posted again.
ALTER TABLE attempts ADD COLUMN follows TEXT;
CREATE INDEX attempts_by_what_they_follow ON attempts (follows, id) WHERE follows IS NOT NULL;

-- What the person was told, by its stable name: a reload shows the same page.
ALTER TABLE attempts ADD COLUMN told TEXT NOT NULL DEFAULT '';

-- Bytes of a record that anybody can make, its messages counted. All of these share a ring.
ALTER TABLE attempts ADD COLUMN ring_bytes BIGINT;
CREATE INDEX attempts_in_ring ON attempts (id, ring_bytes) WHERE ring_bytes IS NOT NULL;
