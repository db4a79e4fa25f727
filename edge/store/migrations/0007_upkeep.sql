-- What runs the box: reports that were made, how large the outbox is, what of it was thinned.
-- Times are milliseconds since 1970 UTC; days are local dates, counted from 1970-01-01.

-- A report of each day, week and month, once, whatever the clock does meanwhile.
CREATE TABLE reports_made (
  period   TEXT    NOT NULL CHECK (period IN ('daily', 'weekly', 'monthly')),
  begins   INTEGER NOT NULL,               -- the local day it begins with
  made_at  INTEGER NOT NULL,
  PRIMARY KEY (period, begins)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER reports_made_stay BEFORE UPDATE ON reports_made
BEGIN SELECT RAISE(ABORT, 'a report is made once'); END;

-- Shifts by when they were closed: a report of a day.
CREATE INDEX shifts_by_close ON shifts (closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX sessions_by_close ON sessions (closed_at, status) WHERE closed_at IS NOT NULL;
CREATE INDEX staff_acts_by_time ON staff_acts (at, kind);
CREATE INDEX incidents_by_time ON incidents (at);
CREATE INDEX openings_by_hand ON openings (at) WHERE by_user IS NOT NULL;

-- How far the cloud has stored what went up; 0/0: nothing.
CREATE TABLE uplink_cursor (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  epoch    INTEGER NOT NULL,
  sequence INTEGER NOT NULL
) STRICT;
INSERT INTO uplink_cursor (only_row, epoch, sequence) VALUES (1, 0, 0);
CREATE TRIGGER uplink_cursor_goes_forward BEFORE UPDATE ON uplink_cursor
WHEN (NEW.epoch, NEW.sequence) < (OLD.epoch, OLD.sequence)
BEGIN SELECT RAISE(ABORT, 'what the cloud has stored it keeps'); END;

-- Rows and bytes of the outbox, counted as they come and go: adding them up takes minutes of a
-- small disk's time when the line has been away for weeks.
CREATE TABLE outbox_size (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  rows     INTEGER NOT NULL CHECK (rows >= 0),
  bytes    INTEGER NOT NULL CHECK (bytes >= 0)
) STRICT;
INSERT INTO outbox_size (only_row, rows, bytes)
  SELECT 1, count(*), coalesce(sum(octets), 0)
  FROM (SELECT length(CAST(type AS BLOB)) + length(CAST(subject AS BLOB))
               + length(CAST(data AS BLOB)) + 24 AS octets FROM outbox);
CREATE TRIGGER outbox_row_came AFTER INSERT ON outbox
BEGIN
  UPDATE outbox_size SET rows = rows + 1,
    bytes = bytes + length(CAST(NEW.type AS BLOB)) + length(CAST(NEW.subject AS BLOB))
            + length(CAST(NEW.data AS BLOB)) + 24;
END;
CREATE TRIGGER outbox_row_went AFTER DELETE ON outbox
BEGIN
  UPDATE outbox_size SET rows = rows - 1,
    bytes = bytes - length(CAST(OLD.type AS BLOB)) - length(CAST(OLD.subject AS BLOB))
            - length(CAST(OLD.data AS BLOB)) - 24;
END;

-- The next number or none; but one row under the last number of a run that is gone stands for all
-- of it (docs/contract/cloud.md).
DROP TRIGGER outbox_without_gaps;
CREATE TRIGGER outbox_without_gaps BEFORE INSERT ON outbox
WHEN NEW.type <> 'parking.outbox.thinned.v1'
  AND NEW.sequence IS NOT (SELECT last_sequence FROM epochs WHERE epoch = NEW.epoch)
BEGIN SELECT RAISE(ABORT, 'an outbox row carries the sequence just counted'); END;
-- Its data is {"from":1,"to":7} and nothing else: JSON functions are not for triggers.
CREATE TRIGGER outbox_thinned_runs BEFORE INSERT ON outbox
WHEN NEW.type = 'parking.outbox.thinned.v1'
  AND (NEW.data NOT GLOB '{"from":[1-9]*,"to":' || NEW.sequence || '}'
       OR CAST(substr(NEW.data, 9) AS INTEGER) > NEW.sequence
       OR NEW.sequence > (SELECT last_sequence FROM epochs WHERE epoch = NEW.epoch)
       OR EXISTS (SELECT 1 FROM outbox WHERE epoch = NEW.epoch
                  AND sequence BETWEEN CAST(substr(NEW.data, 9) AS INTEGER) AND NEW.sequence))
BEGIN SELECT RAISE(ABORT, 'a thinned run ends with its own number and holds nothing any more'); END;
