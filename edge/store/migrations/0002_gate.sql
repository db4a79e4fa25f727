-- The gate: who may do what, sessions, scans and their answers, openings, alerts.
-- Times are milliseconds since 1970 UTC. Money is paise. Every rule that can be said of rows is
-- said here too: a second line of defence behind the engine's own.

CREATE TABLE users (
  key           INTEGER PRIMARY KEY,
  username      TEXT    NOT NULL UNIQUE CHECK (length(username) BETWEEN 1 AND 100),
  role          TEXT    NOT NULL CHECK (role IN ('admin', 'staff', 'user', 'device')),
  gate          TEXT,                        -- of a device: the one whose scans it may bring
  password_hash TEXT    NOT NULL,
  version       INTEGER NOT NULL DEFAULT 1 CHECK (version >= 1),   -- tokens of an older one ended
  disabled      INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
  may_refund    INTEGER NOT NULL DEFAULT 0 CHECK (may_refund IN (0, 1)),
  may_terminate INTEGER NOT NULL DEFAULT 0 CHECK (may_terminate IN (0, 1)),
  email         TEXT    NOT NULL DEFAULT '',
  phone_number  TEXT    NOT NULL DEFAULT '',
  created_at    INTEGER NOT NULL,
  CHECK ((gate IS NOT NULL) = (role = 'device'))
) STRICT;

-- How far UTC stood from the steady clock: a row when that changed, and at each start.
-- AUTOINCREMENT: a session remembers the row of its entry, and keys of pruned rows stay spent.
CREATE TABLE clock_notes (
  key      INTEGER PRIMARY KEY AUTOINCREMENT,
  at       INTEGER NOT NULL,
  drift_ms INTEGER NOT NULL,                 -- comparable within one boot only
  boot     TEXT    NOT NULL
) STRICT;

-- A booking and the stay that grows out of it: one row, one id.
CREATE TABLE sessions (
  key                  INTEGER PRIMARY KEY,  -- its short number
  id                   TEXT    NOT NULL UNIQUE CHECK (length(id) = 36),
  kind                 TEXT    NOT NULL CHECK (kind IN ('walk_in', 'deposit', 'prepaid')),
  status               TEXT    NOT NULL
                       CHECK (status IN ('PENDING_PAYMENT', 'BOOKED', 'ACTIVE', 'EXIT_PENDING',
                                         'COMPLETED', 'CANCELLED', 'EXPIRED', 'TERMINATED')),
  is_open              INTEGER NOT NULL GENERATED ALWAYS AS
                       (status IN ('PENDING_PAYMENT', 'BOOKED', 'ACTIVE', 'EXIT_PENDING')) VIRTUAL,
  vehicle_number       TEXT    CHECK (length(vehicle_number) BETWEEN 4 AND 20),
  owner_name           TEXT    NOT NULL DEFAULT '',
  phone_number         TEXT    NOT NULL DEFAULT '',
  zone                 INTEGER NOT NULL REFERENCES zones (key),
  slot                 INTEGER REFERENCES slots (key),   -- which it holds or held last
  slot_given_back      INTEGER NOT NULL CHECK (slot_given_back IN (0, 1)),
  arrived_in_slot_at   INTEGER,              -- its sensor showed the car; until then it waits for it
  code_body            TEXT    NOT NULL UNIQUE CHECK (length(code_body) = 26),
  code_mac             TEXT    NOT NULL CHECK (length(code_mac) = 8),
  rates                TEXT    NOT NULL,     -- of its zone when it began: the price is fixed then
  booked_paise         INTEGER NOT NULL CHECK (booked_paise >= 0),   -- asked for before entry
  prepaid_hours        INTEGER CHECK (prepaid_hours >= 1),
  surcharge_paise      INTEGER NOT NULL CHECK (surcharge_paise >= 0),   -- for a lost ticket
  created_at           INTEGER NOT NULL,
  created_by           INTEGER REFERENCES users (key),
  created_gate         TEXT    NOT NULL DEFAULT '',
  expires_at           INTEGER,              -- unpaid, or paid and its vehicle never came
  entry_time           INTEGER,
  entry_gate           TEXT    NOT NULL DEFAULT '',
  entry_clock_note     INTEGER,              -- of clock_notes, perhaps pruned since
  entry_confirmed_at   INTEGER,
  billing_time         INTEGER,
  quote_charge_paise   INTEGER CHECK (quote_charge_paise >= 0),
  quote_valid_until    INTEGER,
  chosen_stay_ms       INTEGER CHECK (chosen_stay_ms >= 0),   -- a suspect stay, as staff judged it
  payment_method       TEXT    CHECK (payment_method IN ('CASH', 'ONLINE')),
  exit_time            INTEGER,
  exit_gate            TEXT    NOT NULL DEFAULT '',
  let_out_at           INTEGER,              -- before the money was confirmed
  settled_at           INTEGER,
  closed_at            INTEGER,
  close_reason         TEXT    NOT NULL DEFAULT '',
  CHECK ((kind = 'prepaid') = (prepaid_hours IS NOT NULL)),
  CHECK (slot IS NOT NULL OR slot_given_back = 1),
  CHECK (is_open OR slot_given_back = 1),
  CHECK (is_open = (closed_at IS NULL)),
  CHECK (status NOT IN ('ACTIVE', 'EXIT_PENDING', 'COMPLETED') OR entry_time IS NOT NULL),
  CHECK (status NOT IN ('PENDING_PAYMENT', 'BOOKED', 'EXPIRED') OR entry_time IS NULL),
  CHECK (status NOT IN ('EXIT_PENDING', 'COMPLETED')
         OR (billing_time IS NOT NULL AND quote_charge_paise IS NOT NULL)),
  CHECK (status <> 'COMPLETED' OR (settled_at IS NOT NULL AND exit_time IS NOT NULL)),
  CHECK ((quote_charge_paise IS NULL) = (quote_valid_until IS NULL)),
  CHECK (status <> 'TERMINATED' OR close_reason <> ''),
  CHECK (let_out_at IS NULL OR slot_given_back = 1)
) STRICT;
CREATE UNIQUE INDEX sessions_one_open_per_slot ON sessions (slot)
  WHERE is_open = 1 AND slot_given_back = 0;
-- A car that was let out unpaid is not inside.
CREATE UNIQUE INDEX sessions_one_open_per_vehicle ON sessions (vehicle_number)
  WHERE is_open = 1 AND let_out_at IS NULL AND vehicle_number IS NOT NULL;
CREATE INDEX sessions_open ON sessions (zone, status) WHERE is_open = 1;
CREATE INDEX sessions_waiting ON sessions (zone, entry_time)
  WHERE status = 'ACTIVE' AND arrived_in_slot_at IS NULL;
CREATE INDEX sessions_expiring ON sessions (expires_at)
  WHERE expires_at IS NOT NULL AND entry_time IS NULL AND is_open = 1;
CREATE INDEX sessions_by_vehicle ON sessions (vehicle_number) WHERE vehicle_number IS NOT NULL;

CREATE TRIGGER sessions_go_forward BEFORE UPDATE OF status ON sessions
WHEN NEW.status <> OLD.status AND (OLD.status || '>' || NEW.status) NOT IN (
  'PENDING_PAYMENT>BOOKED', 'PENDING_PAYMENT>CANCELLED', 'PENDING_PAYMENT>EXPIRED',
  'BOOKED>ACTIVE', 'BOOKED>CANCELLED', 'BOOKED>EXPIRED',
  'ACTIVE>EXIT_PENDING', 'ACTIVE>TERMINATED', 'EXIT_PENDING>COMPLETED', 'EXIT_PENDING>TERMINATED')
BEGIN SELECT RAISE(ABORT, 'a session goes forward only'); END;

CREATE TRIGGER sessions_are_kept BEFORE DELETE ON sessions
BEGIN SELECT RAISE(ABORT, 'a session is never deleted'); END;

-- Everything that a reader, a camera, a button or a call brought to a gate.
CREATE TABLE scans (
  key            INTEGER PRIMARY KEY AUTOINCREMENT,   -- openings and logs name it after it is pruned
  gate           TEXT    NOT NULL,
  scan_id        TEXT    NOT NULL,
  kind           TEXT    NOT NULL CHECK (kind IN ('scan', 'frame', 'press', 'api')),
  code           TEXT    NOT NULL CHECK (length(code) <= 100),   -- as it was read
  session        INTEGER REFERENCES sessions (key),
  received_at    INTEGER NOT NULL,
  device_ts      INTEGER,
  payment_method TEXT    CHECK (payment_method IN ('CASH', 'ONLINE')),
  update_number  INTEGER NOT NULL DEFAULT -1,   -- of its newest answer
  UNIQUE (gate, scan_id)
) STRICT;
CREATE INDEX scans_by_gate ON scans (gate);
CREATE INDEX scans_by_code ON scans (gate, code);
CREATE INDEX scans_by_session ON scans (session) WHERE session IS NOT NULL;

-- Every answer to a scan, the newest last. A row goes only when its scan goes.
CREATE TABLE decisions (
  scan          INTEGER NOT NULL REFERENCES scans (key) ON DELETE CASCADE,
  update_number INTEGER NOT NULL CHECK (update_number >= 0),
  at            INTEGER NOT NULL,
  decision      TEXT    NOT NULL CHECK (decision IN ('open', 'pay', 'wait', 'deny')),
  reason        TEXT    NOT NULL CHECK (reason <> ''),
  payload       TEXT    NOT NULL,
  PRIMARY KEY (scan, update_number)
) STRICT;

CREATE TRIGGER decisions_follow_each_other BEFORE INSERT ON decisions
WHEN NEW.update_number IS NOT (SELECT update_number + 1 FROM scans WHERE key = NEW.scan)
  OR EXISTS (SELECT 1 FROM decisions AS last
             WHERE last.scan = NEW.scan AND last.update_number = NEW.update_number - 1
               AND (last.decision = 'deny' OR (last.decision = 'open' AND NEW.decision <> 'deny')
                    OR NEW.decision = 'wait'))
BEGIN SELECT RAISE(ABORT, 'this answer cannot follow the one before'); END;

CREATE TRIGGER decisions_are_counted AFTER INSERT ON decisions
BEGIN UPDATE scans SET update_number = NEW.update_number WHERE key = NEW.scan; END;

CREATE TRIGGER decisions_stay_as_written BEFORE UPDATE ON decisions
BEGIN SELECT RAISE(ABORT, 'an answer is never changed'); END;

-- That a session may pass a gate. Until the passage is confirmed a lost opening can be repeated.
CREATE TABLE authorisations (
  key                 INTEGER PRIMARY KEY,
  session             INTEGER NOT NULL REFERENCES sessions (key),
  gate                TEXT    NOT NULL,
  direction           TEXT    NOT NULL CHECK (direction IN ('entry', 'exit')),
  at                  INTEGER NOT NULL,
  seen_open_at        INTEGER,
  confirmed_at        INTEGER,
  openings_after_seen INTEGER NOT NULL DEFAULT 0 CHECK (openings_after_seen >= 0),
  other_passed        INTEGER NOT NULL DEFAULT 0 CHECK (other_passed IN (0, 1)),
  closed              INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1)),
  CHECK (confirmed_at IS NULL OR closed = 1),
  CHECK (openings_after_seen = 0 OR seen_open_at IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX authorisations_one_open_per_direction ON authorisations (session, direction)
  WHERE closed = 0;
CREATE INDEX authorisations_open ON authorisations (gate) WHERE closed = 0;
CREATE INDEX authorisations_by_session ON authorisations (session);

-- One order to a barrier. It is pending from the commit that authorised it on.
CREATE TABLE openings (
  key           INTEGER PRIMARY KEY AUTOINCREMENT,   -- barriers know it by this number
  authorisation INTEGER REFERENCES authorisations (key),
  cause         TEXT    NOT NULL CHECK (cause IN ('scan', 'button', 'staff', 'emergency')),
  scan          INTEGER UNIQUE REFERENCES scans (key) ON DELETE SET NULL,
  gate          TEXT    NOT NULL,
  barrier       TEXT    NOT NULL,
  session       INTEGER REFERENCES sessions (key),
  by_user       INTEGER REFERENCES users (key),
  reason        TEXT    NOT NULL DEFAULT '',
  at            INTEGER NOT NULL,
  status        TEXT    NOT NULL
                CHECK (status IN ('pending', 'seen_open', 'passed', 'closed_unpassed', 'failed',
                                  'too_old', 'refused')),
  ended_at      INTEGER,
  CHECK (cause IN ('staff', 'emergency') OR authorisation IS NOT NULL),
  CHECK (authorisation IS NOT NULL OR reason <> ''),
  CHECK ((status IN ('pending', 'seen_open')) = (ended_at IS NULL))
) STRICT;
CREATE INDEX openings_going_on ON openings (barrier) WHERE ended_at IS NULL;
CREATE INDEX openings_by_authorisation ON openings (authorisation) WHERE authorisation IS NOT NULL;
CREATE INDEX openings_by_session ON openings (session) WHERE session IS NOT NULL;

CREATE TRIGGER openings_end_once BEFORE UPDATE OF status, ended_at ON openings
WHEN OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'an opening ends once'); END;

CREATE TRIGGER openings_are_kept BEFORE DELETE ON openings
BEGIN SELECT RAISE(ABORT, 'an opening is never deleted'); END;

CREATE TABLE alerts (
  key        INTEGER PRIMARY KEY,
  id         TEXT    NOT NULL UNIQUE CHECK (length(id) = 36),
  kind       TEXT    NOT NULL CHECK (kind <> ''),
  severity   TEXT    NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
  subject    TEXT    NOT NULL,
  message    TEXT    NOT NULL,
  raised_at  INTEGER NOT NULL,
  cleared_at INTEGER
) STRICT;
CREATE UNIQUE INDEX alerts_one_open ON alerts (kind, subject) WHERE cleared_at IS NULL;

-- The last row of the outbox that went out on events/#: from here on, whatever was before.
CREATE TABLE event_cursor (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  epoch    INTEGER NOT NULL,
  sequence INTEGER NOT NULL
) STRICT;
INSERT INTO event_cursor (only_row, epoch, sequence)
  SELECT 1, coalesce(max(epoch), 1),
         coalesce((SELECT last_sequence FROM epochs ORDER BY epoch DESC LIMIT 1), 0)
  FROM epochs;
