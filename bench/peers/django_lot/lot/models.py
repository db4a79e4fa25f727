from django.db import models


class ParkingZone(models.Model):
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=100)
    hourly_rate = models.DecimalField(max_digits=10, decimal_places=2)
    is_active = models.BooleanField(default=True)


class ParkingSlot(models.Model):
    zone = models.ForeignKey(ParkingZone, on_delete=models.PROTECT, related_name="slots")
    slot_number = models.CharField(max_length=50)
    is_occupied = models.BooleanField(default=False, db_index=True)

    class Meta:
        unique_together = [("zone", "slot_number")]


class Vehicle(models.Model):
    vehicle_number = models.CharField(max_length=20, unique=True)
    owner_name = models.CharField(max_length=100)


class ParkingSession(models.Model):
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT)
    slot = models.ForeignKey(ParkingSlot, on_delete=models.PROTECT)
    zone = models.ForeignKey(ParkingZone, on_delete=models.PROTECT)
    qr_code = models.CharField(max_length=100, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    entry_time = models.DateTimeField(null=True)
    exit_time = models.DateTimeField(null=True)
    entry_qr_scanned = models.BooleanField(default=False)
    exit_qr_scanned = models.BooleanField(default=False)
    amount_paid = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    payment_method = models.CharField(max_length=10, null=True)
    is_paid = models.BooleanField(default=False)
