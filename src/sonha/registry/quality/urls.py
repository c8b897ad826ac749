from django.urls import path

from . import views

app_name = "quality"
urlpatterns = [
    path("<slug:slug>/chat-luong/", views.report, name="report"),
    path("<slug:slug>/chat-luong/kiem-tra/", views.start, name="start"),
    path("<slug:slug>/chat-luong/dung/", views.stop, name="stop"),
    path("<slug:slug>/chat-luong/bang/", views.export, name="export"),
    path("<slug:slug>/chat-luong/loi.geojson", views.places, name="places"),
    path("<slug:slug>/chat-luong/<int:pk>/chap-nhan/", views.accept, name="accept"),
]
