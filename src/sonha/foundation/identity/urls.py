"""/tai-khoan/: signing in and up, one's own data, second factor, tokens, persons one acts for."""

from django.urls import include, path

from sonha.foundation.identity import views

urlpatterns = [
    path("", views.account, name="account"),
    path("", include("allauth.account.urls")),
    path("bao-mat/", include("allauth.mfa.urls")),
]
