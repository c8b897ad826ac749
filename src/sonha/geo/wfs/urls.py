from django.urls import path

from .views import wfs

urlpatterns = [path("", wfs, name="wfs")]
