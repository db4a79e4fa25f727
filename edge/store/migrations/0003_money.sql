-- Money: shifts, payments and what was given back of them, the ledger, receipts.
-- Times are milliseconds since 1970 UTC. Amounts are paise. What came or was earned is a row that
-- stays: a correction is another row.

-- A member of staff at the drawer.
CREATE TABLE shifts (
  key           INTEGER PRIMARY KEY,
  user          INTEGER NOT NULL REFERENCES users (key),
  opened_at     INTEGER NOT NULL,
  float_paise   INTEGER NOT NULL CHECK (float_paise >= 0),
  closed_at     INTEGER,
  counted_paise INTEGER CHECK (counted_paise >= 0),
  CHECK ((closed_at IS NULL) = (counted_paise IS NULL))
) STRICT;
CREATE UNIQUE INDEX shifts_one_open_per_user ON shifts (user) WHERE closed_at IS NULL;

CREATE TABLE payments (
  key                 INTEGER PRIMARY KEY,
  id                  TEXT    NOT NULL UNIQUE CHECK (length(id) = 36),
  session             INTEGER REFERENCES sessions (key),   -- NULL: money that nobody could place yet
  method              TEXT    NOT NULL CHECK (method IN ('CASH', 'ONLINE')),
  provider            TEXT    NOT NULL DEFAULT '',
  amount_paise        INTEGER NOT NULL CHECK (amount_paise > 0),
  status              TEXT    NOT NULL
                      CHECK (status IN ('CREATING', 'PENDING', 'SUCCESS', 'FAILED', 'EXPIRED',
                                        'PARTIALLY_REFUNDED', 'REFUNDED')),
  order_id            TEXT    CHECK (order_id <> ''),
  provider_payment_id TEXT    CHECK (provider_payment_id <> ''),
  created_at          INTEGER NOT NULL,
  expires_at          INTEGER,
  paid_at             INTEGER,
  shift               INTEGER REFERENCES shifts (key),
  taken_by            INTEGER REFERENCES users (key),
  tendered_paise      INTEGER CHECK (tendered_paise >= amount_paise),
  failure             TEXT    NOT NULL DEFAULT '',
  CHECK (status NOT IN ('SUCCESS', 'PARTIALLY_REFUNDED', 'REFUNDED') OR paid_at IS NOT NULL),
  CHECK ((method = 'CASH') = (shift IS NOT NULL)),
  CHECK ((method = 'CASH') = (provider = ''))
) STRICT;
CREATE INDEX payments_by_session ON payments (session) WHERE session IS NOT NULL;
CREATE INDEX payments_by_shift ON payments (shift) WHERE shift IS NOT NULL;
CREATE INDEX payments_going_on ON payments (created_at) WHERE status IN ('CREATING', 'PENDING');
CREATE UNIQUE INDEX payments_order ON payments (provider, order_id) WHERE order_id IS NOT NULL;
CREATE UNIQUE INDEX payments_credited_once ON payments (provider, provider_payment_id)
  WHERE provider_payment_id IS NOT NULL;

CREATE TRIGGER payments_keep_their_amount BEFORE UPDATE ON payments
WHEN NEW.amount_paise <> OLD.amount_paise OR NEW.id <> OLD.id OR NEW.method <> OLD.method
  OR (OLD.session IS NOT NULL AND NEW.session IS NOT OLD.session)
BEGIN SELECT RAISE(ABORT, 'a payment keeps its amount, its way and its session'); END;

CREATE TRIGGER payments_go_forward BEFORE UPDATE OF status ON payments
WHEN NEW.status <> OLD.status AND (OLD.status || '>' || NEW.status) NOT IN (
  'CREATING>PENDING', 'CREATING>SUCCESS', 'CREATING>FAILED', 'CREATING>EXPIRED',
  'PENDING>SUCCESS', 'PENDING>FAILED', 'PENDING>EXPIRED', 'FAILED>SUCCESS', 'EXPIRED>SUCCESS',
  'SUCCESS>PARTIALLY_REFUNDED', 'SUCCESS>REFUNDED', 'PARTIALLY_REFUNDED>REFUNDED')
BEGIN SELECT RAISE(ABORT, 'a payment goes forward only'); END;

CREATE TRIGGER payments_are_kept BEFORE DELETE ON payments
BEGIN SELECT RAISE(ABORT, 'a payment is never deleted'); END;

CREATE TABLE refunds (
  key                INTEGER PRIMARY KEY,
  id                 TEXT    NOT NULL UNIQUE CHECK (length(id) = 36),
  payment            INTEGER NOT NULL REFERENCES payments (key),
  amount_paise       INTEGER NOT NULL CHECK (amount_paise > 0),
  status             TEXT    NOT NULL CHECK (status IN ('PENDING', 'SUCCESS', 'FAILED')),
  reason             TEXT    NOT NULL CHECK (reason <> ''),
  provider_refund_id TEXT    UNIQUE CHECK (provider_refund_id <> ''),
  created_at         INTEGER NOT NULL,
  created_by         INTEGER REFERENCES users (key),
  shift              INTEGER REFERENCES shifts (key),   -- whose drawer a cash refund came out of
  ended_at           INTEGER,
  CHECK ((status = 'PENDING') = (ended_at IS NULL))
) STRICT;
CREATE INDEX refunds_by_payment ON refunds (payment);
CREATE INDEX refunds_by_shift ON refunds (shift) WHERE shift IS NOT NULL;
CREATE INDEX refunds_going_on ON refunds (created_at) WHERE status = 'PENDING';

CREATE TRIGGER refunds_within_payment BEFORE INSERT ON refunds
WHEN NEW.amount_paise
     + (SELECT coalesce(sum(amount_paise), 0) FROM refunds
        WHERE payment = NEW.payment AND status <> 'FAILED')
     > (SELECT CASE WHEN paid_at IS NULL THEN 0 ELSE amount_paise END FROM payments
        WHERE key = NEW.payment)
BEGIN SELECT RAISE(ABORT, 'no more is given back than came'); END;

-- A refund that failed is tried again as a new one.
CREATE TRIGGER refunds_end_once BEFORE UPDATE ON refunds
WHEN NEW.amount_paise <> OLD.amount_paise OR NEW.payment <> OLD.payment OR NEW.id <> OLD.id
  OR (OLD.status <> 'PENDING' AND NEW.status <> OLD.status)
BEGIN SELECT RAISE(ABORT, 'a refund keeps its amount and its payment, and ends once'); END;

CREATE TRIGGER refunds_are_kept BEFORE DELETE ON refunds
BEGIN SELECT RAISE(ABORT, 'a refund is never deleted'); END;

-- Every movement of money, from one account to another: whatever is written, all balances sum to
-- nothing. A correction is a new row.
CREATE TABLE ledger (
  key          INTEGER PRIMARY KEY,
  at           INTEGER NOT NULL,
  debit        TEXT    NOT NULL
               CHECK (debit IN ('drawer', 'provider_razorpay', 'provider_phonepe', 'customer',
                                'revenue', 'refunds_due', 'written_off', 'passes')),
  credit       TEXT    NOT NULL
               CHECK (credit IN ('drawer', 'provider_razorpay', 'provider_phonepe', 'customer',
                                 'revenue', 'refunds_due', 'written_off', 'passes')),
  amount_paise INTEGER NOT NULL CHECK (amount_paise > 0),
  cause        TEXT    NOT NULL
               CHECK (cause IN ('payment_captured', 'pass_used', 'settled_stay',
                                'closed_without_stay', 'terminated_stay', 'refund_requested',
                                'refund_of_revenue', 'refund_paid', 'correction')),
  session      INTEGER REFERENCES sessions (key),
  payment      INTEGER REFERENCES payments (key),
  refund       INTEGER REFERENCES refunds (key),
  CHECK (debit <> credit),
  CHECK (cause <> 'payment_captured' OR payment IS NOT NULL),
  CHECK (cause <> 'refund_paid' OR refund IS NOT NULL)
) STRICT;
CREATE INDEX ledger_by_session ON ledger (session) WHERE session IS NOT NULL;
CREATE INDEX ledger_by_payment ON ledger (payment) WHERE payment IS NOT NULL;
CREATE INDEX ledger_by_refund ON ledger (refund) WHERE refund IS NOT NULL;
CREATE UNIQUE INDEX ledger_payment_once ON ledger (payment) WHERE cause = 'payment_captured';
CREATE UNIQUE INDEX ledger_refund_once ON ledger (refund) WHERE cause = 'refund_paid';

CREATE TRIGGER ledger_rows_stay_as_written BEFORE UPDATE ON ledger
BEGIN SELECT RAISE(ABORT, 'a row of the ledger is never changed'); END;

CREATE TRIGGER ledger_rows_are_kept BEFORE DELETE ON ledger
BEGIN SELECT RAISE(ABORT, 'a row of the ledger is never deleted'); END;

-- Who closes a session writes its ledger first: nobody owes anybody anything any more …
CREATE TRIGGER sessions_close_balanced BEFORE UPDATE OF status ON sessions
WHEN NEW.closed_at IS NOT NULL AND NEW.status <> OLD.status
  AND (SELECT coalesce(sum(iif(credit = 'customer', amount_paise, 0)
                           - iif(debit = 'customer', amount_paise, 0)), 0)
       FROM ledger WHERE session = NEW.key) <> 0
BEGIN SELECT RAISE(ABORT, 'the customer of a closed session stands at zero'); END;

-- … and a stay that is completed was earned in full.
CREATE TRIGGER sessions_complete_paid BEFORE UPDATE OF status ON sessions
WHEN NEW.status = 'COMPLETED' AND NEW.status <> OLD.status
  AND (SELECT coalesce(sum(amount_paise), 0) FROM ledger
       WHERE session = NEW.key AND cause = 'settled_stay' AND credit = 'revenue')
      < NEW.quote_charge_paise
BEGIN SELECT RAISE(ABORT, 'a completed session is paid'); END;

CREATE TRIGGER sessions_begin_open BEFORE INSERT ON sessions
WHEN NEW.closed_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a session is not born closed'); END;

-- Receipts, and credit notes for refunds after them. The serial is given in the commit that settles.
CREATE TABLE receipts (
  key            INTEGER PRIMARY KEY,
  series         TEXT    NOT NULL CHECK (series <> ''),
  financial_year TEXT    NOT NULL CHECK (length(financial_year) = 4),   -- 2627
  number         INTEGER NOT NULL CHECK (number >= 1),
  session        INTEGER NOT NULL REFERENCES sessions (key),
  refund         INTEGER UNIQUE REFERENCES refunds (key),   -- of a credit note
  issued_at      INTEGER NOT NULL,
  total_paise    INTEGER NOT NULL CHECK (total_paise >= 0),
  taxable_paise  INTEGER NOT NULL CHECK (taxable_paise >= 0),
  cgst_paise     INTEGER NOT NULL CHECK (cgst_paise >= 0),
  sgst_paise     INTEGER NOT NULL CHECK (sgst_paise >= 0),
  UNIQUE (series, financial_year, number),
  CHECK (total_paise = taxable_paise + cgst_paise + sgst_paise)
) STRICT;
CREATE UNIQUE INDEX receipts_one_per_session ON receipts (session) WHERE refund IS NULL;
CREATE INDEX receipts_by_session ON receipts (session);

CREATE TRIGGER receipts_without_gaps BEFORE INSERT ON receipts
WHEN NEW.number IS NOT 1 + (SELECT coalesce(max(number), 0) FROM receipts
                            WHERE series = NEW.series AND financial_year = NEW.financial_year)
BEGIN SELECT RAISE(ABORT, 'a receipt carries the next number of its series'); END;

CREATE TRIGGER receipts_stay_as_written BEFORE UPDATE ON receipts
BEGIN SELECT RAISE(ABORT, 'a receipt is never changed'); END;

CREATE TRIGGER receipts_are_kept BEFORE DELETE ON receipts
BEGIN SELECT RAISE(ABORT, 'a receipt is never deleted'); END;
