from django.urls import path

from . import areas, imports
from .writing import views as exports

app_name = "formats"
urlpatterns = [
    path("<slug:slug>/nhap/", imports.upload, name="import"),
    path("<slug:slug>/nhap/cach/<slug:code>/", imports.upload_by_way, name="way"),
    path("<slug:slug>/nhap/<uuid:pk>/", imports.run, name="run"),
    path("<slug:slug>/nhap/<uuid:pk>/anh-xa/", imports.map_columns, name="map"),
    path("<slug:slug>/nhap/<uuid:pk>/ghi/", imports.write, name="write"),
    path("<slug:slug>/nhap/<uuid:pk>/dung/", imports.stop, name="stop"),
    path("<slug:slug>/khu-vuc/", areas.narrow, name="area"),
    path("<slug:slug>/xuat/", exports.page, name="export"),
]
