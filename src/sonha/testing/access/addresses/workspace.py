"""Pages of officials: work, dossiers, drafts of results, permits, exports."""

from sonha.testing.access.expected import HANDLES, WORKS_ON, holders
from sonha.testing.access.rules import ADMINISTRATORS, HANDLERS, KEEPERS, NOBODY, OFFICIALS, PERSON, WORKERS, Address


def addresses() -> list[Address]:
    searches = ("", "?q={name}", "?q={code}", "?q={identifier}", "?late=late", "?state=submitted", "?agency=STNMT")
    heads = frozenset(holders("head", "leader"))
    acts = {"action": "accept", "comment": "x"}
    lists = (("dossiers", "xlsx"), ("dossiers", "csv"), ("board", "xlsx"), ("register", "ods"), ("permits", "xlsx"))
    exports = [
        Address("can-bo/xuat/<slug:name>/", OFFICIALS, OFFICIALS, arguments={"name": name}, data={"kind": kind}, method="post",
                shows=HANDLES if name == "dossiers" else {}, queries=("", "?q={name}"))
        for name, kind in lists
    ]  # fmt: skip
    return [
        Address("can-bo/", OFFICIALS, shows=WORKS_ON, queries=("", "?unclaimed=1")),
        Address("can-bo/don-vi/", frozenset(holders("head", "leader", "auditor"))),
        Address("can-bo/hang-loat/", NOBODY, HANDLERS, of="task", data={"task": "{task_id}", "action": "accept"}),
        Address("can-bo/bo-loc/<slug:page>/", NOBODY, OFFICIALS, arguments={"page": "dossiers"}, data={"name": "x", "query": "late=late"}),
        Address("can-bo/bo-loc/<int:pk>/doi/", NOBODY, PERSON, of="saved_filter", data={"do": "default"}),
        Address("can-bo/sang-nay/", OFFICIALS, queries=("", "?q={name}")),
        Address("can-bo/cau-mau/", OFFICIALS, OFFICIALS, data={"use": "supplement", "text": "x"}),
        Address("can-bo/cau-mau/<int:pk>/bo/", NOBODY, PERSON, of="own_sentence"),
        Address("can-bo/ho-so/", OFFICIALS, shows=HANDLES, queries=searches),
        Address("can-bo/ho-so/<str:code>/", HANDLERS, of="dossier"),
        Address("can-bo/ho-so/<str:code>/viec/<int:task_id>/", NOBODY, HANDLERS, of="task", data=acts),
        Address("can-bo/ho-so/<str:code>/viec/<int:task_id>/nhan/", NOBODY, HANDLERS, of="task"),
        Address("can-bo/ho-so/<str:code>/viec/<int:task_id>/phan-cong/", NOBODY, HANDLERS, of="task", data={"user": "1"}),
        Address("can-bo/ho-so/<str:code>/viec/<int:task_id>/du-thao/", HANDLERS, HANDLERS, of="task", data={"paragraphs": "x"}),
        Address("can-bo/ho-so/<str:code>/doi-chieu/", HANDLERS, of="dossier"),
        Address("can-bo/ho-so/<str:code>/doi-chieu/<int:pk>/", HANDLERS, of="paper"),
        Address("can-bo/ho-so/<str:code>/doi-chieu/<int:pk>/trang-<int:number>", HANDLERS, of="paper"),
        Address("can-bo/ho-so/<str:code>/ghi-chu/", NOBODY, HANDLERS, of="dossier", data={"text": "x"}),
        Address("can-bo/ho-so/<str:code>/xin-loi/", NOBODY, HANDLERS, of="dossier", data={"new_due_on": "2099-01-01", "reason": "x"}),
        Address("can-bo/ho-so/<str:code>/mo-lai/", NOBODY, HANDLERS, of="dossier", data={"step": "reception", "reason": "x"}),
        Address("can-bo/ho-so/<str:code>/phieu-kiem-soat.pdf", HANDLERS, of="dossier"),
        Address("can-bo/ho-so/<str:code>/viec/<int:task_id>/tra-ket-qua/", WORKERS, HANDLERS, of="task"),
        Address("can-bo/ho-so/<str:code>/viec/<int:task_id>/du-thao/tai-len/", NOBODY, HANDLERS, of="task"),
        Address("can-bo/ho-so/<str:code>/viec/<int:task_id>/du-thao/mau.docx", HANDLERS, of="task"),
        Address("can-bo/ho-so/<str:code>/viec/<int:task_id>/du-thao/<int:number>/lay-lai/", NOBODY, HANDLERS, of="draft_version"),
        Address("can-bo/ho-so/<str:code>/du-thao/so-sanh/", HANDLERS, of="draft_version", queries=("?cu=1&moi=1",)),
        Address("can-bo/ho-so/<str:code>/du-thao/<int:number>.docx", HANDLERS, of="draft_version"),
        Address("can-bo/ho-so/<str:code>/du-thao/<int:number>/trang-<int:page>.png", HANDLERS, of="draft_version"),
        Address("can-bo/ho-so/<str:code>/viec/<int:task_id>/", NOBODY, NOBODY, of="crossed_task", data=acts),
        Address("can-bo/ho-so/<str:code>/viec/<int:task_id>/du-thao/", NOBODY, NOBODY, of="crossed_task", data={"paragraphs": "x"}),
        Address("can-bo/so-theo-doi/", OFFICIALS),
        Address("can-bo/xuat/tien-do/<uuid:progress_id>/", PERSON, of="official_progress", reveals_all_to=ADMINISTRATORS),
        *exports,
        Address("can-bo/su-co-o-nhiem/", OFFICIALS, queries=("", "?noi-dung=song+ky+cung", "?diem=106.757,21.857")),
        Address("can-bo/su-co-o-nhiem/ho-so.pdf", OFFICIALS, absent=True),  # without a place on a river there is no dossier
        Address("can-bo/tinh-hinh/", OFFICIALS),
        Address("can-bo/giay-phep/", OFFICIALS, queries=("", "?q={name}")),
        Address("can-bo/giay-phep/<int:pk>/", KEEPERS, of="permit"),
        Address("can-bo/giay-phep/<int:pk>/thay-doi/", NOBODY, heads - {"province_leader"}, of="permit",
                data={"kind": "suspend", "basis": "x"}),
    ]  # fmt: skip
