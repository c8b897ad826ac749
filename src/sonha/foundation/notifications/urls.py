from django.urls import path

from . import views

app_name = "notifications"
urlpatterns = [
    path("", views.index, name="list"),
    path("chuong/", views.bell, name="bell"),
    path("da-doc/", views.read_all, name="read_all"),
    path("tuy-chon/", views.preferences, name="preferences"),
    path("bo-nhan/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("<int:message_id>/", views.open_message, name="open"),
]
