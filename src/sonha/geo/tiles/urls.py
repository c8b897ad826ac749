from django.urls import path

from . import views

app_name = "tiles"
urlpatterns = [
    path("<slug:layer>.json", views.tilejson, name="tilejson"),
    path("<slug:layer>/style.json", views.style_of, name="style"),
    path("<slug:layer>/<int:z>/<int:x>/<int:y>", views.tile, name="tile"),
    path("<slug:layer>/<int:z>/<int:x>/<int:y>.mvt", views.tile),
]
