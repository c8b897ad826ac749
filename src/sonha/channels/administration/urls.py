"""Addresses of the administrators' side."""

from django.urls import include, path

from sonha.channels.administration import home

app_name = "administration"
urlpatterns = [
    path("", home.home, name="home"),
    path("thu-tuc/", include("sonha.channels.administration.procedures.urls")),
    path("nguoi-dung/", include("sonha.channels.administration.people.urls")),
    path("cau-mau/", include("sonha.channels.administration.sentences.urls")),
    path("quyen-so/", include("sonha.channels.administration.grants.urls")),
    path("thay-doi/", include("sonha.channels.administration.changes.urls")),
    path("danh-muc/", include("sonha.channels.administration.catalogues.urls")),
]
