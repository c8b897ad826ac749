"""Addresses of this subject, below `/quan-tri/nguoi-dung/`."""

from django.urls import path

from sonha.channels.administration.people import accounts, leave, posts, units

urlpatterns = [
    path("", accounts.listing, name="accounts"),
    path("them/", accounts.create, name="account_create"),
    path("lam-thay/", leave.substitutions, name="substitutions"),
    path("lam-thay/<int:pk>/cham-dut/", leave.end, name="substitution_end"),
    path("don-vi/", units.tree, name="units"),
    path("don-vi/<int:pk>/", units.detail, name="unit"),
    path("don-vi/<int:pk>/them/", units.add, name="unit_add"),
    path("<int:pk>/", accounts.detail, name="account_detail"),
    path("<int:pk>/lam/<slug:act>/", accounts.act, name="account_act"),
    path("<int:pk>/vi-tri/", posts.assign, name="position_assign"),
    path("vi-tri/<int:pk>/chuc-danh/", posts.retitle, name="position_title"),
    path("vi-tri/<int:pk>/ket-thuc/", posts.end, name="position_end"),
]
