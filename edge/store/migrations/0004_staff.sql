-- The counter: a drawer for each shift, what staff did and noted, and money that waits for a person.
-- Times are milliseconds since 1970 UTC. Amounts are paise.

-- A shift that is closed gets the next number of the Z reports.
ALTER TABLE shifts ADD COLUMN z_number INTEGER
  CHECK (z_number IS NULL OR (z_number >= 1 AND closed_at IS NOT NULL));
UPDATE shifts SET z_number = (
  SELECT count(*) FROM shifts AS earlier
  WHERE earlier.closed_at IS NOT NULL
    AND (earlier.closed_at, earlier.key) <= (shifts.closed_at, shifts.key))
WHERE closed_at IS NOT NULL;
CREATE UNIQUE INDEX shifts_by_z_number ON shifts (z_number) WHERE z_number IS NOT NULL;
CREATE INDEX shifts_by_user ON shifts (user);

-- What staff asked for online and a provider confirmed: by whom, and when.
CREATE INDEX payments_online_by_staff ON payments (taken_by, paid_at)
  WHERE method = 'ONLINE' AND taken_by IS NOT NULL;

-- The ledger with a drawer for each shift, a safe behind the drawers, and what is over or short.
DROP TRIGGER sessions_close_balanced;
DROP TRIGGER sessions_complete_paid;
CREATE TABLE ledger_of_shifts (
  key          INTEGER PRIMARY KEY,
  at           INTEGER NOT NULL,
  debit        TEXT    NOT NULL
               CHECK (debit IN ('drawer', 'provider_razorpay', 'provider_phonepe', 'customer',
                                'revenue', 'refunds_due', 'written_off', 'passes', 'safe',
                                'over_short')),
  credit       TEXT    NOT NULL
               CHECK (credit IN ('drawer', 'provider_razorpay', 'provider_phonepe', 'customer',
                                 'revenue', 'refunds_due', 'written_off', 'passes', 'safe',
                                 'over_short')),
  amount_paise INTEGER NOT NULL CHECK (amount_paise > 0),
  cause        TEXT    NOT NULL
               CHECK (cause IN ('payment_captured', 'pass_used', 'settled_stay',
                                'closed_without_stay', 'terminated_stay', 'refund_requested',
                                'refund_of_revenue', 'refund_paid', 'correction', 'shift_opened',
                                'shift_closed')),
  session      INTEGER REFERENCES sessions (key),
  payment      INTEGER REFERENCES payments (key),
  refund       INTEGER REFERENCES refunds (key),
  shift        INTEGER REFERENCES shifts (key),   -- whose drawer it is
  CHECK (debit <> credit),
  CHECK (cause <> 'payment_captured' OR payment IS NOT NULL),
  CHECK (cause <> 'refund_paid' OR refund IS NOT NULL),
  CHECK ((shift IS NOT NULL) = (debit = 'drawer' OR credit = 'drawer'))
) STRICT;
INSERT INTO ledger_of_shifts
SELECT l.key, l.at, l.debit, l.credit, l.amount_paise, l.cause, l.session, l.payment, l.refund,
       iif(l.debit = 'drawer' OR l.credit = 'drawer',
           coalesce(r.shift, p.shift, of_refund.shift), NULL)
FROM ledger AS l
LEFT JOIN payments AS p ON p.key = l.payment
LEFT JOIN refunds AS r ON r.key = l.refund
LEFT JOIN payments AS of_refund ON of_refund.key = r.payment
ORDER BY l.key;
DROP TABLE ledger;
ALTER TABLE ledger_of_shifts RENAME TO ledger;
CREATE INDEX ledger_by_session ON ledger (session) WHERE session IS NOT NULL;
CREATE INDEX ledger_by_payment ON ledger (payment) WHERE payment IS NOT NULL;
CREATE INDEX ledger_by_refund ON ledger (refund) WHERE refund IS NOT NULL;
CREATE INDEX ledger_by_shift ON ledger (shift) WHERE shift IS NOT NULL;
CREATE UNIQUE INDEX ledger_payment_once ON ledger (payment) WHERE cause = 'payment_captured';
CREATE UNIQUE INDEX ledger_refund_once ON ledger (refund) WHERE cause = 'refund_paid';

-- Shifts from before they had drawers: the float they began with, and what was counted.
INSERT INTO ledger (at, debit, credit, amount_paise, cause, shift)
SELECT opened_at, 'drawer', 'safe', float_paise, 'shift_opened', key
FROM shifts WHERE float_paise > 0;
INSERT INTO ledger (at, debit, credit, amount_paise, cause, shift)
WITH drawers AS (
  SELECT s.key AS shift, s.closed_at, s.counted_paise,
         (SELECT coalesce(sum(iif(debit = 'drawer', amount_paise, -amount_paise)), 0)
          FROM ledger WHERE shift = s.key) AS expected_paise
  FROM shifts AS s WHERE s.closed_at IS NOT NULL)
SELECT closed_at, iif(counted_paise > expected_paise, 'drawer', 'over_short'),
       iif(counted_paise > expected_paise, 'over_short', 'drawer'),
       abs(counted_paise - expected_paise), 'shift_closed', shift
FROM drawers WHERE counted_paise <> expected_paise
UNION ALL
SELECT closed_at, 'safe', 'drawer', counted_paise, 'shift_closed', shift
FROM drawers WHERE counted_paise > 0;

CREATE TRIGGER ledger_rows_stay_as_written BEFORE UPDATE ON ledger
BEGIN SELECT RAISE(ABORT, 'a row of the ledger is never changed'); END;

CREATE TRIGGER ledger_rows_are_kept BEFORE DELETE ON ledger
BEGIN SELECT RAISE(ABORT, 'a row of the ledger is never deleted'); END;

CREATE TRIGGER ledger_of_open_shifts BEFORE INSERT ON ledger
WHEN (SELECT closed_at FROM shifts WHERE key = NEW.shift) IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'nothing moves in the drawer of a closed shift'); END;

CREATE TRIGGER sessions_close_balanced BEFORE UPDATE OF status ON sessions
WHEN NEW.closed_at IS NOT NULL AND NEW.status <> OLD.status
  AND (SELECT coalesce(sum(iif(credit = 'customer', amount_paise, 0)
                           - iif(debit = 'customer', amount_paise, 0)), 0)
       FROM ledger WHERE session = NEW.key) <> 0
BEGIN SELECT RAISE(ABORT, 'the customer of a closed session stands at zero'); END;

CREATE TRIGGER sessions_complete_paid BEFORE UPDATE OF status ON sessions
WHEN NEW.status = 'COMPLETED' AND NEW.status <> OLD.status
  AND (SELECT coalesce(sum(amount_paise), 0) FROM ledger
       WHERE session = NEW.key AND cause = 'settled_stay' AND credit = 'revenue')
      < NEW.quote_charge_paise
BEGIN SELECT RAISE(ABORT, 'a completed session is paid'); END;

-- Who closes a shift writes its ledger first; closed once, it stays as it is.
CREATE TRIGGER shifts_close_balanced BEFORE UPDATE OF closed_at ON shifts
WHEN NEW.closed_at IS NOT NULL AND OLD.closed_at IS NULL
  AND (SELECT coalesce(sum(iif(debit = 'drawer', amount_paise, -amount_paise)), 0)
       FROM ledger WHERE shift = NEW.key) <> 0
BEGIN SELECT RAISE(ABORT, 'the drawer of a closed shift stands at zero'); END;

CREATE TRIGGER shifts_without_gaps BEFORE UPDATE OF z_number ON shifts
WHEN NEW.z_number IS NOT OLD.z_number
  AND NEW.z_number IS NOT (SELECT coalesce(max(z_number), 0) + 1 FROM shifts
                          WHERE z_number IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'a closed shift carries the next number'); END;

CREATE TRIGGER shifts_close_once BEFORE UPDATE ON shifts
WHEN OLD.closed_at IS NOT NULL OR NEW.user <> OLD.user OR NEW.opened_at <> OLD.opened_at
  OR NEW.float_paise <> OLD.float_paise
  OR (NEW.closed_at IS NULL) <> (NEW.z_number IS NULL)
BEGIN SELECT RAISE(ABORT, 'a shift is closed once, with a number, and keeps its beginning'); END;

CREATE TRIGGER shifts_begin_open BEFORE INSERT ON shifts
WHEN NEW.closed_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a shift is not born closed'); END;

CREATE TRIGGER shifts_are_kept BEFORE DELETE ON shifts
BEGIN SELECT RAISE(ABORT, 'a shift is never deleted'); END;

CREATE TRIGGER payments_into_open_shifts BEFORE INSERT ON payments
WHEN (SELECT closed_at FROM shifts WHERE key = NEW.shift) IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'no cash comes into a closed shift'); END;

-- What staff decided about a session where the lot alone could not, and why.
CREATE TABLE staff_acts (
  key       INTEGER PRIMARY KEY,
  at        INTEGER NOT NULL,
  user      INTEGER NOT NULL REFERENCES users (key),
  session   INTEGER NOT NULL REFERENCES sessions (key),
  kind      TEXT    NOT NULL CHECK (kind IN ('lost_ticket', 'stay_chosen', 'terminated', 'let_out')),
  reason    TEXT    NOT NULL CHECK (length(reason) BETWEEN 1 AND 200),
  reference TEXT    NOT NULL DEFAULT '' CHECK (length(reference) <= 64),   -- a payment's, as told
  detail    TEXT    NOT NULL DEFAULT ''    -- what was decided, for people: both lengths of a stay
) STRICT;
CREATE INDEX staff_acts_by_session ON staff_acts (session);
CREATE INDEX staff_acts_by_user ON staff_acts (user, at);

CREATE TRIGGER staff_acts_stay_as_written BEFORE UPDATE ON staff_acts
BEGIN SELECT RAISE(ABORT, 'what staff did is never changed'); END;

CREATE TRIGGER staff_acts_are_kept BEFORE DELETE ON staff_acts
BEGIN SELECT RAISE(ABORT, 'what staff did is never deleted'); END;

CREATE INDEX openings_by_user ON openings (by_user, at) WHERE by_user IS NOT NULL;
CREATE INDEX sessions_let_out ON sessions (let_out_at) WHERE let_out_at IS NOT NULL AND is_open = 1;

-- The log of incidents: what happened on the lot, in staff's words.
CREATE TABLE incidents (
  key            INTEGER PRIMARY KEY,
  id             TEXT    NOT NULL UNIQUE CHECK (length(id) = 36),
  at             INTEGER NOT NULL,
  user           INTEGER NOT NULL REFERENCES users (key),
  kind           TEXT    NOT NULL
                 CHECK (kind IN ('accident', 'damage', 'theft', 'dispute', 'equipment',
                                 'unauthorised_parking', 'safety', 'other')),
  description    TEXT    NOT NULL CHECK (length(description) BETWEEN 1 AND 1000),
  gate           TEXT    NOT NULL DEFAULT '',
  slot           INTEGER REFERENCES slots (key),
  session        INTEGER REFERENCES sessions (key),
  vehicle_number TEXT    CHECK (length(vehicle_number) BETWEEN 4 AND 20)
) STRICT;

CREATE INDEX incidents_by_session ON incidents (session) WHERE session IS NOT NULL;

CREATE TRIGGER incidents_stay_as_written BEFORE UPDATE ON incidents
BEGIN SELECT RAISE(ABORT, 'an incident is never changed'); END;

CREATE TRIGGER incidents_are_kept BEFORE DELETE ON incidents
BEGIN SELECT RAISE(ABORT, 'an incident is never deleted'); END;

-- Money that waits for a person (docs/contract/http.md, "Rows").
CREATE TABLE exceptions (
  key          INTEGER PRIMARY KEY,
  id           TEXT    NOT NULL UNIQUE CHECK (length(id) = 36),
  kind         TEXT    NOT NULL
               CHECK (kind IN ('unmatched', 'wrong_amount', 'unrefundable', 'let_out_unpaid')),
  payment      INTEGER REFERENCES payments (key),
  session      INTEGER REFERENCES sessions (key),
  amount_paise INTEGER NOT NULL CHECK (amount_paise >= 0),
  reason       TEXT    NOT NULL CHECK (reason <> ''),
  created_at   INTEGER NOT NULL,
  resolved_at  INTEGER,
  resolution   TEXT    NOT NULL DEFAULT '',
  CHECK ((resolved_at IS NULL) = (resolution = '')),
  CHECK (kind <> 'let_out_unpaid' OR session IS NOT NULL)
) STRICT;
CREATE INDEX exceptions_open ON exceptions (created_at) WHERE resolved_at IS NULL;
CREATE INDEX exceptions_by_payment ON exceptions (payment) WHERE payment IS NOT NULL;
CREATE INDEX exceptions_by_session ON exceptions (session) WHERE session IS NOT NULL;
CREATE UNIQUE INDEX exceptions_one_of_let_out ON exceptions (session)
  WHERE kind = 'let_out_unpaid';

CREATE TRIGGER exceptions_resolve_once BEFORE UPDATE ON exceptions
WHEN OLD.resolved_at IS NOT NULL OR NEW.id <> OLD.id OR NEW.kind <> OLD.kind
  OR NEW.amount_paise <> OLD.amount_paise OR NEW.session IS NOT OLD.session
  OR NEW.payment IS NOT OLD.payment OR NEW.reason <> OLD.reason
  OR NEW.created_at <> OLD.created_at
BEGIN SELECT RAISE(ABORT, 'an exception is resolved once and keeps what it tells of'); END;

CREATE TRIGGER exceptions_are_kept BEFORE DELETE ON exceptions
BEGIN SELECT RAISE(ABORT, 'an exception is never deleted'); END;
