"""Addresses of the officials' side."""

from django.urls import path

from sonha.channels.workspace import boards, dossier, lists, permits

urlpatterns = [
    path("", lists.work, name="work"),
    path("don-vi/", lists.unit_work, name="unit_work"),
    path("hang-loat/", lists.bulk, name="bulk"),
    path("ho-so/", lists.dossiers, name="dossiers"),
    path("ho-so/<str:code>/", dossier.page, name="dossier"),
    path("ho-so/<str:code>/viec/<int:task_id>/", dossier.act, name="task"),
    path("ho-so/<str:code>/viec/<int:task_id>/nhan/", dossier.claim, name="claim"),
    path("ho-so/<str:code>/viec/<int:task_id>/phan-cong/", dossier.assign, name="assign"),
    path("ho-so/<str:code>/viec/<int:task_id>/du-thao/", dossier.draft, name="draft_result"),
    path("ho-so/<str:code>/ghi-chu/", dossier.note, name="note"),
    path("ho-so/<str:code>/xin-loi/", dossier.apologise, name="apologise"),
    path("ho-so/<str:code>/mo-lai/", dossier.reopen, name="reopen"),
    path("ho-so/<str:code>/phieu-kiem-soat.pdf", dossier.control_sheet, name="control_sheet"),
    path("tinh-hinh/", boards.board, name="boards"),
    path("giay-phep/", permits.register, name="permits"),
    path("giay-phep/<int:pk>/", permits.permit, name="permit"),
    path("giay-phep/<int:pk>/thay-doi/", permits.act, name="permit_act"),
]
