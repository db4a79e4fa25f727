-- The lot: its plan, what its sensors said, and the outbox.
-- Times are milliseconds since 1970 UTC. Money is paise.

-- The lot itself: one row.
CREATE TABLE lot (
  only_row   INTEGER PRIMARY KEY CHECK (only_row = 1),
  id         TEXT    NOT NULL,
  name       TEXT    NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- Written by the loop while it lives, so that a start can tell how long nobody looked.
CREATE TABLE heartbeat (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  at       INTEGER NOT NULL
) STRICT;

CREATE TABLE zones (
  key               INTEGER PRIMARY KEY,   -- also the order on boards
  id                TEXT    NOT NULL UNIQUE,
  name              TEXT    NOT NULL,
  hourly_rate_paise INTEGER NOT NULL CHECK (hourly_rate_paise >= 0),
  active            INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  walk_in           INTEGER NOT NULL DEFAULT 1 CHECK (walk_in IN (0, 1)),
  operating_hours   TEXT    NOT NULL,
  contact           TEXT    NOT NULL,
  location          TEXT    NOT NULL,
  features          TEXT    NOT NULL,      -- one a line
  availability_seq  INTEGER NOT NULL DEFAULT 0,
  availability_at   INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Bands of the day, [from_minute, to_minute), local time; from above to runs over midnight.
CREATE TABLE rate_bands (
  zone              INTEGER NOT NULL REFERENCES zones (key),
  from_minute       INTEGER NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
  to_minute         INTEGER NOT NULL CHECK (to_minute BETWEEN 0 AND 1440),
  hourly_rate_paise INTEGER NOT NULL CHECK (hourly_rate_paise >= 0),
  PRIMARY KEY (zone, from_minute)
) STRICT, WITHOUT ROWID;

CREATE TABLE slots (
  key            INTEGER PRIMARY KEY,      -- also the order within the lot
  id             TEXT    NOT NULL UNIQUE,
  zone           INTEGER NOT NULL REFERENCES zones (key),
  out_of_service INTEGER NOT NULL DEFAULT 0 CHECK (out_of_service IN (0, 1))
) STRICT;
CREATE INDEX slots_by_zone ON slots (zone);

-- What a slot's sensor said last, and what the slot was called because of it.
CREATE TABLE slot_states (
  slot            INTEGER PRIMARY KEY REFERENCES slots (key),
  spoke           INTEGER NOT NULL DEFAULT 0 CHECK (spoke IN (0, 1)),
  occupied        INTEGER NOT NULL DEFAULT 0 CHECK (occupied IN (0, 1)),
  offline         INTEGER NOT NULL DEFAULT 0 CHECK (offline IN (0, 1)),
  restarted       INTEGER NOT NULL DEFAULT 0 CHECK (restarted IN (0, 1)),
  seq             INTEGER,                 -- an unsigned 64-bit number, in two's complement
  ts              INTEGER,
  heard_at        INTEGER NOT NULL DEFAULT 0,
  battery_percent INTEGER CHECK (battery_percent BETWEEN 0 AND 100),
  rssi_dbm        INTEGER,
  firmware        TEXT    NOT NULL DEFAULT '',
  status          TEXT    NOT NULL
                  CHECK (status IN ('free', 'reserved', 'occupied', 'unknown', 'out_of_service')),
  since           INTEGER NOT NULL
) STRICT;

-- The lot's own totals count their changes too.
CREATE TABLE lot_availability (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  seq      INTEGER NOT NULL,
  at       INTEGER NOT NULL
) STRICT;

-- One more at each restore of a backup (docs/contract/cloud.md, "Epochs"). The newest one writes.
CREATE TABLE epochs (
  epoch         INTEGER PRIMARY KEY CHECK (epoch >= 1),
  last_sequence INTEGER NOT NULL CHECK (last_sequence >= 0)
) STRICT;

-- Every change that matters outside the lot, numbered without gaps within its epoch.
CREATE TABLE outbox (
  epoch    INTEGER NOT NULL REFERENCES epochs (epoch),
  sequence INTEGER NOT NULL,
  type     TEXT    NOT NULL,
  subject  TEXT    NOT NULL,
  time     INTEGER NOT NULL,
  data     TEXT    NOT NULL,
  PRIMARY KEY (epoch, sequence)
) STRICT;

-- The next number or none: whoever writes a row counts first.
CREATE TRIGGER outbox_without_gaps BEFORE INSERT ON outbox
WHEN NEW.sequence IS NOT (SELECT last_sequence FROM epochs WHERE epoch = NEW.epoch)
BEGIN SELECT RAISE(ABORT, 'an outbox row carries the sequence just counted'); END;

CREATE TRIGGER outbox_counts_by_one BEFORE UPDATE ON epochs
WHEN NEW.last_sequence NOT IN (OLD.last_sequence, OLD.last_sequence + 1)
BEGIN SELECT RAISE(ABORT, 'the outbox counts by one'); END;

CREATE TRIGGER outbox_rows_stay_as_written BEFORE UPDATE ON outbox
BEGIN SELECT RAISE(ABORT, 'an outbox row is never changed'); END;
