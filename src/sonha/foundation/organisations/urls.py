"""/tai-khoan/nghi-phep/: leave and substitutes of officials."""

from django.urls import path

from sonha.foundation.organisations import absences

urlpatterns = [
    path("", absences.absences, name="absences"),
    path("<int:pk>/cham-dut/", absences.end_absence, name="end_absence"),
]
