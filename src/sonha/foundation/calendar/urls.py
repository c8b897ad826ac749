from django.urls import path

from . import views

app_name = "calendar"
urlpatterns = [
    path("", views.year, name="year"),
    path("khai-bao/", views.set_day, name="set_day"),
    path("bo-khai-bao/", views.clear_day, name="clear_day"),
]
