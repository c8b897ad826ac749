from django.urls import path

from . import views

urlpatterns = [
    path("", views.page, name="map"),
    path("tim.json", views.search, name="map_search"),
    path("tai-day.json", views.here, name="map_here"),
    path("doc-song.json", views.river, name="map_river"),
    path("in/", views.print_map, name="map_print"),
    path("mo-tep/", views.open_file, name="map_file"),
    path("chong-lan/", views.overlap_report, name="map_overlaps"),
]
