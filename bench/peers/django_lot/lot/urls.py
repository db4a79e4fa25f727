from django.urls import path

from lot import views

urlpatterns = [
    path("parking/entry/", views.entry),
    path("parking/entry-qr-scan/", views.entry_scan),
    path("parking/exit-qr-scan/", views.exit_scan),
    path("parking/zone/<str:zone_id>/status/", views.zone_status),
]
