"""/tai-khoan/ma-truy-cap/."""

from django.urls import path

from sonha.foundation.access import views

app_name = "access"
urlpatterns = [
    path("", views.tokens, name="tokens"),
    path("<uuid:token_id>/thu-hoi/", views.revoke, name="revoke_token"),
]
