-- Who did what, in a chain that shows each change to itself; and answers kept for whoever asks again.
-- Times are milliseconds since 1970 UTC.

-- `hash` is the HMAC-SHA-256, with the audit key `key_id` of the keys' file, over everything else in
-- the row, `previous` being the hash of the row before (docs/contract/audit.md).
CREATE TABLE audit_log (
  sequence  INTEGER PRIMARY KEY CHECK (sequence >= 1),   -- from 1, without a gap
  at        INTEGER NOT NULL,
  until     INTEGER NOT NULL,                            -- of several told in one row: the last one's
  times     INTEGER NOT NULL CHECK (times >= 1),
  user      INTEGER,                                     -- no reference: a row outlives its account
  user_name TEXT    NOT NULL,                            -- of those who work here
  role      TEXT    NOT NULL,
  address   TEXT    NOT NULL,
  action    TEXT    NOT NULL CHECK (action <> ''),
  targets   TEXT    NOT NULL,
  outcome   TEXT    NOT NULL CHECK (outcome <> ''),
  detail    TEXT    NOT NULL,
  key_id    INTEGER NOT NULL CHECK (key_id >= 1),
  previous  TEXT    NOT NULL CHECK (length(previous) = 64),
  hash      TEXT    NOT NULL CHECK (length(hash) = 64)
) STRICT;
CREATE INDEX audit_log_by_time ON audit_log (at);
CREATE INDEX audit_log_by_user ON audit_log (user, at) WHERE user IS NOT NULL;
-- A gap stands where rows were cut off behind the gateway's back: the head knew of them.
CREATE TRIGGER audit_log_follows BEFORE INSERT ON audit_log
WHEN NEW.sequence <= coalesce((SELECT max(sequence) FROM audit_log), 0)
  OR NEW.previous <> coalesce((SELECT hash FROM audit_log WHERE sequence = NEW.sequence - 1),
                              iif(NEW.sequence = 1, printf('%064d', 0), NEW.previous))
BEGIN SELECT RAISE(ABORT, 'an audit row follows the one before'); END;
CREATE TRIGGER audit_log_stays BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'what was audited is not changed'); END;
CREATE TRIGGER audit_log_is_kept BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'what was audited is not deleted'); END;

-- Where the chain ends, sealed with the same key: rows cannot be cut off its end by anybody without it.
CREATE TABLE audit_head (
  key      INTEGER PRIMARY KEY CHECK (key = 1),
  sequence INTEGER NOT NULL,
  hash     TEXT    NOT NULL,
  key_id   INTEGER NOT NULL,
  seal     TEXT    NOT NULL,
  told_day INTEGER NOT NULL    -- the lot's day, since 1970, on which the outbox was last told
) STRICT;
CREATE TRIGGER audit_head_is_kept BEFORE DELETE ON audit_head
BEGIN SELECT RAISE(ABORT, 'the audit chain has an end'); END;

-- What was answered to a request with an Idempotency-Key (docs/contract/http.md), for a day.
CREATE TABLE kept_answers (
  key          INTEGER PRIMARY KEY,
  scope        TEXT    NOT NULL,    -- who asked, how, and for what address
  once_key     TEXT    NOT NULL,
  request_hash TEXT    NOT NULL,    -- tells another body under the same key
  at           INTEGER NOT NULL,
  status       INTEGER NOT NULL CHECK (status BETWEEN 200 AND 499),
  content_type TEXT    NOT NULL,
  body         TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX kept_answers_once ON kept_answers (scope, once_key);
CREATE INDEX kept_answers_by_time ON kept_answers (at);
