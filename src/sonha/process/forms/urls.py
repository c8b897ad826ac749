from django.urls import path

from sonha.process.forms import views

app_name = "forms"
urlpatterns = [path("toa-do", views.convert, name="convert"), path("tra-cuu", views.ask, name="ask")]
