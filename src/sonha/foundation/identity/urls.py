"""/tai-khoan/: signing in and up, one's own data, second factor, tokens, persons one acts for."""

from django.urls import include, path

from sonha.foundation.identity import views

urlpatterns = [
    path("", views.account, name="account"),
    path("ma-truy-cap/", include("sonha.foundation.access.urls")),
    path("du-lieu-cua-toi.json", views.own_data, name="own_data"),
    path("uy-quyen/", views.representations, name="representations"),
    path("uy-quyen/<int:pk>/cham-dut/", views.end_representation, name="end_representation"),
    path("signup/", views.SignUp.as_view(), name="account_signup"),
    path("nghi-phep/", include("sonha.foundation.organisations.urls")),
    path("phien/", include("allauth.usersessions.urls")),
    path("", include("allauth.account.urls")),
    path("bao-mat/", include("allauth.mfa.urls")),
]
