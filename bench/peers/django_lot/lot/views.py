"""The three steps of a stay and the status of a zone, each in one transaction."""
import math
import uuid
from decimal import Decimal

from django.db import transaction
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from lot.models import ParkingSession, ParkingSlot, ParkingZone, Vehicle


def _refused(sentence, status=400):
    return JsonResponse({"success": False, "error": sentence}, status=status)


@csrf_exempt
@transaction.atomic
def entry(request):
    zone = ParkingZone.objects.filter(code=request.POST["zone_id"], is_active=True).first()
    if zone is None:
        return _refused("Zone not found", 404)
    slot = ParkingSlot.objects.filter(zone=zone, is_occupied=False).order_by("id").first()
    if slot is None:
        return _refused("No slots available in this zone")
    vehicle, _ = Vehicle.objects.get_or_create(
        vehicle_number=request.POST["vehicle_number"],
        defaults={"owner_name": request.POST["owner_name"]},
    )
    slot.is_occupied = True
    slot.save(update_fields=["is_occupied"])
    session = ParkingSession.objects.create(
        vehicle=vehicle, slot=slot, zone=zone, qr_code=f"PARK-{uuid.uuid4().hex}"
    )
    return JsonResponse({
        "success": True,
        "message": f"Slot allocated: {slot.slot_number}",
        "data": {
            "session_id": session.id, "qr_code": session.qr_code, "slot_number": slot.slot_number,
            "zone_name": zone.name, "vehicle_number": vehicle.vehicle_number,
        },
    })


@csrf_exempt
@transaction.atomic
def entry_scan(request):
    session = ParkingSession.objects.filter(qr_code=request.POST["qr_code"]).first()
    if session is None:
        return _refused("Invalid QR code. Session not found.", 404)
    if session.entry_qr_scanned:
        return _refused("Entry QR already scanned. Cannot scan twice!")
    session.entry_qr_scanned = True
    session.entry_time = timezone.now()
    session.save(update_fields=["entry_qr_scanned", "entry_time"])
    return JsonResponse({
        "success": True,
        "message": "Entry QR scanned successfully",
        "data": {"session_id": session.id, "entry_time": session.entry_time},
    })


@csrf_exempt
@transaction.atomic
def exit_scan(request):
    session = (
        ParkingSession.objects.select_related("slot", "zone", "vehicle")
        .filter(qr_code=request.POST["qr_code"]).first()
    )
    if session is None:
        return _refused("Invalid QR code. Session not found.", 404)
    if not session.entry_qr_scanned:
        return _refused("Entry QR not scanned. Cannot exit!")
    if session.exit_qr_scanned:
        return _refused("Exit already scanned. Cannot scan twice!")
    now = timezone.now()
    minutes = int((now - session.entry_time).total_seconds() // 60)
    hours = 0 if minutes <= 5 else math.ceil((minutes - 5) / 60)
    session.exit_qr_scanned = True
    session.exit_time = now
    session.amount_paid = session.zone.hourly_rate * Decimal(hours)
    session.payment_method = request.POST["payment_method"]
    session.is_paid = True
    session.save()
    session.slot.is_occupied = False
    session.slot.save(update_fields=["is_occupied"])
    return JsonResponse({
        "success": True,
        "message": "Exit processed successfully",
        "data": {
            "session_id": session.id, "vehicle_number": session.vehicle.vehicle_number,
            "duration_minutes": minutes, "amount_charged": session.amount_paid, "is_paid": True,
        },
    })


def zone_status(request, zone_id):
    zone = ParkingZone.objects.filter(code=zone_id).first()
    if zone is None:
        return _refused("Zone not found", 404)
    total = zone.slots.count()
    occupied = zone.slots.filter(is_occupied=True).count()
    return JsonResponse({
        "success": True, "zone_name": zone.name, "total_slots": total, "occupied_slots": occupied,
        "available_slots": total - occupied, "hourly_rate": str(zone.hourly_rate),
        "occupancy_percent": round(100 * occupied / total, 1),
    })
