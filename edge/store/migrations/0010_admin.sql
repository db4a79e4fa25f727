-- What administrators change: settings, slots out of service for a time, and who dealt with money
-- and alerts that waited for somebody. Times are milliseconds since 1970 UTC.

-- Keys of lot.toml that the store says otherwise, and as what.
CREATE TABLE settings (
  key        TEXT    PRIMARY KEY CHECK (key <> ''),   -- billing.grace_minutes
  kind       TEXT    NOT NULL CHECK (kind IN ('text', 'number', 'flag')),
  value      TEXT    NOT NULL,                        -- as text: 10, 50.00, true
  changed_at INTEGER NOT NULL,
  changed_by INTEGER NOT NULL REFERENCES users (key)
) STRICT, WITHOUT ROWID;

-- A zone or a slot that an administrator deleted: gone with the next start, if nothing refers to it.
ALTER TABLE zones ADD COLUMN removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1));
ALTER TABLE slots ADD COLUMN removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1));

-- When a slot is planned to be out of service, and why. One of a slot is not over at most.
CREATE TABLE slot_outages (
  key        INTEGER PRIMARY KEY,
  slot       INTEGER NOT NULL REFERENCES slots (key),
  from_at    INTEGER NOT NULL,
  to_at      INTEGER,                                 -- NULL: until somebody ends it
  reason     TEXT    NOT NULL CHECK (length(reason) BETWEEN 1 AND 200),
  created_at INTEGER NOT NULL,
  created_by INTEGER NOT NULL REFERENCES users (key),
  ended_at   INTEGER,                                 -- over: by its time, or by somebody
  CHECK (to_at IS NULL OR to_at > from_at)
) STRICT;
CREATE UNIQUE INDEX slot_outages_one ON slot_outages (slot) WHERE ended_at IS NULL;

CREATE TRIGGER slot_outages_end_once BEFORE UPDATE ON slot_outages
WHEN OLD.ended_at IS NOT NULL OR NEW.slot <> OLD.slot OR NEW.from_at <> OLD.from_at
  OR NEW.to_at IS NOT OLD.to_at OR NEW.reason <> OLD.reason OR NEW.created_at <> OLD.created_at
  OR NEW.created_by <> OLD.created_by
BEGIN SELECT RAISE(ABORT, 'an outage ends once and stays as it was planned'); END;

CREATE TRIGGER slot_outages_are_kept BEFORE DELETE ON slot_outages
BEGIN SELECT RAISE(ABORT, 'an outage is never deleted'); END;

-- Who dealt with money that waited for a person, and how.
ALTER TABLE exceptions ADD COLUMN action TEXT
  CHECK (action IS NULL OR (action IN ('apply', 'refund', 'write_off') AND resolved_at IS NOT NULL));
ALTER TABLE exceptions ADD COLUMN resolved_by INTEGER REFERENCES users (key)
  CHECK ((resolved_by IS NULL) = (action IS NULL));

-- Who has seen an alert.
ALTER TABLE alerts ADD COLUMN acknowledged_at INTEGER;
ALTER TABLE alerts ADD COLUMN acknowledged_by INTEGER REFERENCES users (key)
  CHECK ((acknowledged_by IS NULL) = (acknowledged_at IS NULL));

CREATE INDEX exceptions_by_time ON exceptions (created_at);
CREATE INDEX shifts_by_time ON shifts (opened_at);
-- Whether anything refers to a slot.
CREATE INDEX sessions_by_slot ON sessions (slot) WHERE slot IS NOT NULL;
CREATE INDEX incidents_by_slot ON incidents (slot) WHERE slot IS NOT NULL;
CREATE INDEX slot_outages_by_slot ON slot_outages (slot);
-- What an account did, for whoever looks at it or removes it.
CREATE INDEX settings_by_user ON settings (changed_by);
CREATE INDEX slot_outages_by_user ON slot_outages (created_by);
CREATE INDEX exceptions_by_user ON exceptions (resolved_by) WHERE resolved_by IS NOT NULL;
CREATE INDEX alerts_by_user ON alerts (acknowledged_by) WHERE acknowledged_by IS NOT NULL;
