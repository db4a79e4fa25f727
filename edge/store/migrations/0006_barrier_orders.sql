-- What people ordered barriers to do, other than to open (openings has those). The newest hold, lock
-- or release of a barrier stands, over restarts too. Times are milliseconds since 1970 UTC.
CREATE TABLE barrier_orders (
  key       INTEGER PRIMARY KEY AUTOINCREMENT,
  at        INTEGER NOT NULL,
  gate      TEXT    NOT NULL,
  barrier   TEXT    NOT NULL,
  kind      TEXT    NOT NULL CHECK (kind IN ('close', 'hold', 'lock', 'release')),
  emergency INTEGER NOT NULL CHECK (emergency IN (0, 1)),   -- an administrator ends it
  by_user   INTEGER NOT NULL REFERENCES users (key),
  reason    TEXT    NOT NULL,
  CHECK (emergency = 0 OR kind = 'hold')
) STRICT;
CREATE INDEX barrier_orders_standing ON barrier_orders (barrier, key) WHERE kind <> 'close';
CREATE TRIGGER barrier_orders_stay BEFORE UPDATE ON barrier_orders
BEGIN SELECT RAISE(ABORT, 'what was ordered is not changed'); END;
CREATE TRIGGER barrier_orders_are_kept BEFORE DELETE ON barrier_orders
BEGIN SELECT RAISE(ABORT, 'what was ordered is not deleted'); END;
