"""Addresses of this subject, below `/quan-tri/`."""

from django.urls import URLPattern, path

from sonha.channels.administration.procedures import catalogue, draft, exchange, moving, reminders, versions

urlpatterns: list[URLPattern] = [
    path("", catalogue.procedure_list, name="procedure_list"),
    path("chat-luong/", catalogue.quality, name="quality"),
    path("nhac-viec/", reminders.reminders, name="reminders"),
    path("<int:stt>/", versions.card, name="procedure_card"),
    path("<int:stt>/soan/", versions.begin, name="procedure_begin"),
    path("<int:stt>/soan/bo/", versions.discard, name="procedure_discard"),
    path("<int:stt>/soan/hoan-tac/", versions.take_back_edit, name="procedure_take_back"),
    path("<int:stt>/soan/cong-bo-ngay/", versions.publish, name="procedure_publish"),
    path("<int:stt>/soan/nhap/", exchange.bring, name="procedure_bring"),
    path("<int:stt>/soan/nhap/xac-nhan/", exchange.confirm, name="procedure_confirm"),
    path("<int:stt>/soan/<slug:section>/", draft.draft, name="procedure_draft"),
    path("<int:stt>/chuyen-ho-so/", moving.move, name="procedure_moving"),
    path("<int:stt>/nhan-ho-so/", versions.switch_filing, name="procedure_switch"),
    path("<int:stt>/phien-ban/<int:number>/", exchange.version, name="procedure_version"),
    path("<int:stt>/phien-ban/<int:number>/ngung/", versions.retire, name="procedure_retire"),
    path("<int:stt>/phien-ban/<int:number>/so-do.bpmn", exchange.bpmn, name="procedure_bpmn"),
    path("<int:stt>/phien-ban/<int:number>/khai-bao.yaml", exchange.declaration, {"form": "yaml"}, name="procedure_yaml"),
    path("<int:stt>/phien-ban/<int:number>/khai-bao.json", exchange.declaration, {"form": "json"}, name="procedure_json"),
]
