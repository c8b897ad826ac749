from django.urls import path

from . import bulk, editing, hints, lists, reading, reports

app_name = "registers"
urlpatterns = [
    path("", lists.index, name="index"),
    path("tien-do/<uuid:progress_id>/", reports.progress, name="progress"),
    path("<slug:slug>/", lists.by_slug, name="database"),
    path("<slug:slug>/", lists.by_slug, name="list"),
    path("<slug:slug>/bang/", lists.export, name="spreadsheet"),
    path("<slug:slug>/thong-ke/", reports.statistics_page, name="statistics"),
    path("<slug:slug>/them/", editing.new, name="new"),
    path("<slug:slug>/hang-loat/", bulk.bulk, name="bulk"),
    path("<slug:slug>/goi-y/<slug:name>/", hints.suggest, name="suggest"),
    path("<slug:slug>/vi-tri/<slug:name>/", hints.place, name="place"),
    path("<slug:slug>/<int:pk>/", reading.record, name="record"),
    path("<slug:slug>/<int:pk>/lich-su/", reading.history, name="history"),
    path("<slug:slug>/<int:pk>/so-sanh/", reading.compare, name="compare"),
    path("<slug:slug>/<int:pk>/in/", reading.extract, name="print"),
    path("<slug:slug>/<int:pk>/sua/", editing.edit, name="edit"),
    path("<slug:slug>/<int:pk>/cham-dut/", editing.end, name="end"),
    path("<slug:slug>/<int:pk>/xoa-nham/", editing.withdraw, name="withdraw"),
]
