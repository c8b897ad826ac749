"""Public addresses under /kiem-tra/ (mount with `path("kiem-tra/", include("sonha.foundation.signing.urls"))`)."""

app_name = "signing"
urlpatterns: list = []
