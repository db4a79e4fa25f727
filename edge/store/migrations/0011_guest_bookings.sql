-- Bookings that hold a slot unpaid, so that nobody holds many.

-- Where a guest's booking came from, until it is paid or over.
CREATE TABLE guest_bookings (
  session INTEGER PRIMARY KEY REFERENCES sessions (key),
  source  TEXT    NOT NULL CHECK (source <> '')
) STRICT;
CREATE INDEX guest_bookings_by_source ON guest_bookings (source);

CREATE INDEX sessions_unpaid_by_user ON sessions (created_by)
  WHERE status = 'PENDING_PAYMENT' AND created_by IS NOT NULL;
