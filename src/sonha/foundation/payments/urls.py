"""/thanh-toan/: paying an invoice; reconciliation and refunds for those who oversee the money."""

from django.urls import path

from . import views

app_name = "payments"
urlpatterns = [
    path("ket-qua/", views.result, name="result"),
    path("doi-soat/", views.reconciliations, name="reconciliations"),
    path("doi-soat/<str:day>/", views.reconciliation, name="reconciliation"),
    path("doi-soat/<str:day>/<int:difference>/", views.resolve, name="resolve"),
    path("hoan-tien/<int:payment>/", views.refund, name="refund"),
    path("<str:code>/", views.invoice, name="invoice"),
    path("<str:code>/tai-quay/", views.take_cash, name="take_cash"),
]
