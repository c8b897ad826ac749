"""Addresses of the officials' side."""

from django.urls import path

from sonha.channels.workspace import beside, boards, dossier, drafting, exporting, lists, permits, returning, saved, sentences, work

urlpatterns = [
    path("", work.work, name="work"),
    path("don-vi/", work.unit_work, name="unit_work"),
    path("hang-loat/", work.bulk, name="bulk"),
    path("sang-nay/", work.this_morning, name="morning"),
    path("cau-mau/", sentences.own, name="own_sentences"),
    path("cau-mau/<int:pk>/bo/", sentences.remove, name="remove_sentence"),
    path("bo-loc/<slug:page>/", saved.keep, name="save_filter"),
    path("bo-loc/<int:pk>/doi/", saved.change, name="saved_filter"),
    path("ho-so/", lists.dossiers, name="dossiers"),
    path("ho-so/<str:code>/", dossier.page, name="dossier"),
    path("ho-so/<str:code>/viec/<int:task_id>/", dossier.act, name="task"),
    path("ho-so/<str:code>/viec/<int:task_id>/nhan/", dossier.claim, name="claim"),
    path("ho-so/<str:code>/viec/<int:task_id>/phan-cong/", dossier.assign, name="assign"),
    path("ho-so/<str:code>/viec/<int:task_id>/du-thao/", drafting.draft, name="draft_result"),
    path("ho-so/<str:code>/viec/<int:task_id>/du-thao/tai-len/", drafting.upload, name="draft_upload_docx"),
    path("ho-so/<str:code>/viec/<int:task_id>/du-thao/mau.docx", drafting.template, name="draft_template"),
    path("ho-so/<str:code>/viec/<int:task_id>/du-thao/<int:number>/lay-lai/", drafting.restore, name="draft_restore"),
    path("ho-so/<str:code>/viec/<int:task_id>/tra-ket-qua/", returning.hand_over, name="hand_over"),
    path("ho-so/<str:code>/du-thao/so-sanh/", drafting.compare, name="draft_compare"),
    path("ho-so/<str:code>/du-thao/<int:number>.docx", drafting.download, name="draft_docx"),
    path("ho-so/<str:code>/du-thao/<int:number>/trang-<int:page>.png", drafting.picture, name="draft_picture"),
    path("ho-so/<str:code>/doi-chieu/", beside.first, name="papers_beside"),
    path("ho-so/<str:code>/doi-chieu/<int:pk>/", beside.beside, name="paper_beside"),
    path("ho-so/<str:code>/doi-chieu/<int:pk>/trang-<int:number>", beside.page, name="paper_page"),
    path("ho-so/<str:code>/ghi-chu/", dossier.note, name="note"),
    path("ho-so/<str:code>/xin-loi/", dossier.apologise, name="apologise"),
    path("ho-so/<str:code>/mo-lai/", dossier.reopen, name="reopen"),
    path("ho-so/<str:code>/phieu-kiem-soat.pdf", dossier.control_sheet, name="control_sheet"),
    path("so-theo-doi/", lists.register_page, name="register"),
    path("xuat/<slug:name>/", exporting.make, name="export"),
    path("xuat/tien-do/<uuid:progress_id>/", exporting.progress, name="export_progress"),
    path("tinh-hinh/", boards.board, name="boards"),
    path("giay-phep/", permits.register, name="permits"),
    path("giay-phep/<int:pk>/", permits.permit, name="permit"),
    path("giay-phep/<int:pk>/thay-doi/", permits.act, name="permit_act"),
]
