"""Addresses of the citizen's side: Vietnamese words without diacritics."""

from django.urls import path

from sonha.channels.portal import catalogue, filing, filing_papers, installing, mine, my_papers, pages

urlpatterns = [
    path("", pages.home, name="home"),
    path("robots.txt", pages.robots, name="robots"),
    path("manifest.webmanifest", installing.manifest, name="manifest"),
    path("worker.js", installing.worker, name="worker"),
    path("ngoai-tuyen/", installing.offline, name="offline"),
    path("thu-tuc/", catalogue.procedures, name="procedures"),
    path("thu-tuc/<int:stt>/", catalogue.procedure, name="procedure"),
    path("thu-tuc/<int:stt>/can-chuan-bi/", catalogue.checklist, name="procedure_checklist"),
    path("thu-tuc/<int:stt>/so-do.bpmn", catalogue.bpmn, name="procedure_bpmn"),
    path("thu-tuc/<int:stt>/nop/", filing.begin, name="file_procedure"),
    path("nop-ho-so/<uuid:pk>/", filing.step, name="draft"),
    path("nop-ho-so/<uuid:pk>/giay-uy-quyen/", filing.authorisation, name="draft_authorisation"),
    path("nop-ho-so/<uuid:pk>/luu/", filing.autosave, name="draft_autosave"),
    path("nop-ho-so/<uuid:pk>/tep/", filing_papers.upload, name="draft_upload"),
    path("nop-ho-so/<uuid:pk>/tep/<uuid:file>/", filing_papers.own_file, name="draft_file"),
    path("nop-ho-so/<uuid:pk>/giay-to/them/", filing_papers.give, name="draft_give"),
    path("nop-ho-so/<uuid:pk>/giay-to/bo/", filing_papers.take_back, name="draft_take_back"),
    path("nop-ho-so/<uuid:pk>/xoa/", filing.discard, name="draft_discard"),
    path("don-vi-hanh-chinh.json", catalogue.areas, name="areas"),
    path("tra-cuu/", pages.track, name="track_search"),
    path("tra-cuu/<str:code>/", pages.track, name="track"),
    path("ho-so-cua-toi/", mine.dossiers, name="my_dossiers"),
    path("ho-so-cua-toi/<str:code>/", mine.dossier, name="my_dossier"),
    path("ho-so-cua-toi/<str:code>/thuc-hien/<int:task_id>/", mine.act, name="my_task"),
    path("ho-so-cua-toi/<str:code>/rut/", mine.withdraw, name="my_withdraw"),
    path("ho-so-cua-toi/<str:code>/danh-gia/", mine.rate, name="my_rating"),
    path("giay-to-cua-toi/", my_papers.papers, name="my_papers"),
    path("giay-to/<int:pk>/", mine.paper, name="paper"),
    path("van-ban/<int:pk>/", mine.official_paper, name="official_paper"),
]
