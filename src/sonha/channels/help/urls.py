"""Addresses of the help pages."""

from django.urls import path

from sonha.channels.help import views

app_name = "help"
urlpatterns = [
    path("", views.home, name="home"),
    path("trang/<str:view>/", views.for_page, name="for_page"),
    path("hinh/<str:name>", views.picture, name="picture"),
    path("<slug:slug>/", views.manual, name="manual"),
]
