from django.urls import path

from .views import wms

urlpatterns = [path("", wms, name="wms")]
