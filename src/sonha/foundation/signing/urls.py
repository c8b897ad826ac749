"""Public addresses under /kiem-tra/ (mounted by `path("kiem-tra/", include("sonha.foundation.signing.urls"))`)."""

from django.urls import path

from sonha.foundation.signing import views

app_name = "signing"
urlpatterns = [
    path("", views.check, name="check"),
    path("crl/", views.revocation_list, name="crl"),
    path("<str:code>/", views.document, name="document"),
]
