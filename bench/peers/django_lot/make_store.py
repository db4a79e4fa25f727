"""Makes the peer's store: make_store.py ZONE SLOTS, with DJANGO_LOT_STORE as its path."""
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
django.setup()

from django.core.management import call_command  # noqa: E402 (Django is set up first)

from lot.models import ParkingSlot, ParkingZone  # noqa: E402

call_command("migrate", run_syncdb=True, verbosity=0)
zone = ParkingZone.objects.create(code=sys.argv[1], name="Zone", hourly_rate="50.00")
ParkingSlot.objects.bulk_create(
    ParkingSlot(zone=zone, slot_number=f"{sys.argv[1]}-{number:05}")
    for number in range(1, int(sys.argv[2]) + 1)
)
