from django.urls import path

from . import views

app_name = "raster_tiles"
urlpatterns = [
    path("<slug:name>.json", views.tilejson, name="tilejson"),
    path("<slug:name>.tif", views.download, name="download"),
    path("<slug:name>/<int:z>/<int:x>/<int:y>.<slug:form>", views.tile, name="tile"),
]
