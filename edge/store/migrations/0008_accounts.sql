-- Accounts: who is signed in, the vehicles that users keep, and whose data was erased.
-- Times are milliseconds since 1970 UTC.

-- All tokens that grew out of one signing-in. Its id is random, so that none comes back after a
-- backup was restored; the refresh token of that id is the one that may be used next.
CREATE TABLE token_families (
  key          INTEGER PRIMARY KEY,
  id           TEXT    NOT NULL UNIQUE CHECK (length(id) = 32),
  user         INTEGER NOT NULL REFERENCES users (key) ON DELETE CASCADE,
  refresh_id   TEXT    NOT NULL CHECK (length(refresh_id) = 32),
  previous_id  TEXT    NOT NULL DEFAULT '',
  created_at   INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL,           -- of the refresh token that may be used next
  ended_at     INTEGER,
  end_reason   TEXT    CHECK (end_reason IN ('logout', 'reused', 'password', 'account', 'crowded')),
  CHECK ((ended_at IS NULL) = (end_reason IS NULL))
) STRICT;
CREATE INDEX token_families_by_user ON token_families (user, last_used_at);
CREATE INDEX token_families_by_expiry ON token_families (expires_at);

CREATE TRIGGER token_families_end_once BEFORE UPDATE ON token_families
WHEN OLD.ended_at IS NOT NULL OR NEW.id <> OLD.id OR NEW.user <> OLD.user
BEGIN SELECT RAISE(ABORT, 'a family of tokens that ended stays so'); END;

CREATE TABLE user_vehicles (
  key            INTEGER PRIMARY KEY,
  user           INTEGER NOT NULL REFERENCES users (key) ON DELETE CASCADE,
  vehicle_number TEXT    NOT NULL CHECK (length(vehicle_number) BETWEEN 4 AND 20),
  name           TEXT    NOT NULL DEFAULT '' CHECK (length(name) <= 100),
  created_at     INTEGER NOT NULL,
  UNIQUE (user, vehicle_number)
) STRICT;
CREATE INDEX user_vehicles_by_number ON user_vehicles (vehicle_number);

CREATE TRIGGER user_vehicles_few BEFORE INSERT ON user_vehicles
WHEN (SELECT count(*) FROM user_vehicles WHERE user = NEW.user) >= 20
BEGIN SELECT RAISE(ABORT, 'a user keeps 20 vehicles at most'); END;

-- That a person's data was erased on request, by whom and why; nothing of what it was.
CREATE TABLE erasures (
  key       INTEGER PRIMARY KEY,
  id        TEXT    NOT NULL UNIQUE CHECK (length(id) = 36),
  at        INTEGER NOT NULL,
  by_user   INTEGER NOT NULL REFERENCES users (key),
  subject   TEXT    NOT NULL CHECK (subject IN ('user', 'vehicle', 'session')),
  user      INTEGER REFERENCES users (key),   -- whose account it was
  reason    TEXT    NOT NULL CHECK (length(reason) BETWEEN 1 AND 200),
  sessions  INTEGER NOT NULL CHECK (sessions >= 0),
  incidents INTEGER NOT NULL CHECK (incidents >= 0),
  scans     INTEGER NOT NULL CHECK (scans >= 0),
  CHECK ((subject = 'user') = (user IS NOT NULL))
) STRICT;
CREATE INDEX erasures_by_user ON erasures (by_user, at);
CREATE INDEX erasures_of_user ON erasures (user) WHERE user IS NOT NULL;

CREATE TRIGGER erasures_stay_as_written BEFORE UPDATE ON erasures
BEGIN SELECT RAISE(ABORT, 'an erasure is never changed'); END;

CREATE TRIGGER erasures_are_kept BEFORE DELETE ON erasures
BEGIN SELECT RAISE(ABORT, 'an erasure is never deleted'); END;

CREATE TABLE erased_sessions (
  session INTEGER PRIMARY KEY REFERENCES sessions (key),
  erasure INTEGER NOT NULL REFERENCES erasures (key)
) STRICT;

CREATE TRIGGER erased_sessions_are_bare BEFORE INSERT ON erased_sessions
WHEN EXISTS (SELECT 1 FROM sessions WHERE key = NEW.session
             AND (is_open = 1 OR vehicle_number IS NOT NULL OR owner_name <> ''
                  OR phone_number <> ''))
BEGIN SELECT RAISE(ABORT, 'what is erased is closed and names nobody'); END;

CREATE TRIGGER erased_sessions_stay_bare
BEFORE UPDATE OF vehicle_number, owner_name, phone_number ON sessions
WHEN (NEW.vehicle_number IS NOT NULL OR NEW.owner_name <> '' OR NEW.phone_number <> '')
  AND EXISTS (SELECT 1 FROM erased_sessions WHERE session = NEW.key)
BEGIN SELECT RAISE(ABORT, 'what was erased stays so'); END;

-- An incident stays as written, but its vehicle may be taken away with the person's data.
DROP TRIGGER incidents_stay_as_written;
CREATE TRIGGER incidents_stay_as_written BEFORE UPDATE ON incidents
WHEN NEW.vehicle_number IS NOT NULL OR NEW.key <> OLD.key OR NEW.id <> OLD.id OR NEW.at <> OLD.at
  OR NEW.user <> OLD.user OR NEW.kind <> OLD.kind OR NEW.description <> OLD.description
  OR NEW.gate <> OLD.gate OR NEW.slot IS NOT OLD.slot OR NEW.session IS NOT OLD.session
BEGIN SELECT RAISE(ABORT, 'an incident is never changed'); END;
CREATE INDEX incidents_by_vehicle ON incidents (vehicle_number) WHERE vehicle_number IS NOT NULL;
CREATE INDEX incidents_by_user ON incidents (user, at);

-- What an account did, and whether it did anything.
CREATE INDEX barrier_orders_by_user ON barrier_orders (by_user, at);
CREATE INDEX refunds_by_user ON refunds (created_by) WHERE created_by IS NOT NULL;
CREATE INDEX users_by_role ON users (role, disabled);
CREATE INDEX payments_by_taker ON payments (taken_by) WHERE taken_by IS NOT NULL;
