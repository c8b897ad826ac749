"""What the audit log says of dossiers."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from sonha.foundation.audit.verbs import register

register("dossier.submitted", _("{actor} nộp hồ sơ {dossier}"), dossier=str, channel=str, procedure=int, for_applicant=True)
register("dossier.accepted", _("{actor} tiếp nhận hồ sơ, hẹn trả {due_at}"), due_at=datetime | None, for_applicant=True)
register("dossier.refused", _("{actor} từ chối tiếp nhận hồ sơ"), for_applicant=True)
register("dossier.supplement_requested", _("{actor} yêu cầu bổ sung {items} mục"), items=int, for_applicant=True)
register("dossier.supplemented", _("{actor} nộp bổ sung"), for_applicant=True)
register("dossier.invoiced", _("Thông báo nộp phí {invoice}"), invoice=str, for_applicant=True)
register("dossier.paid", _("Đã nộp phí {invoice}"), invoice=str, for_applicant=True)
register("dossier.result_drafted", _("{actor} soạn dự thảo kết quả, bản {number}"), number=int)
register("dossier.result_signed", _("{actor} ký kết quả"), for_applicant=True)
register("dossier.result_numbered", _("{actor} cấp số {document} và đóng dấu"), document=str, for_applicant=True)
register("dossier.result_issued", _("Ban hành kết quả {document}"), document=str, for_applicant=True)
register("dossier.handed_over", _("{actor} trả kết quả ({how})"), how=str, for_applicant=True)
register("dossier.apologised", _("{actor} xin lỗi và hẹn lại ngày trả {due_at}"), due_at=datetime, for_applicant=True)
register("dossier.noted", _("{actor} ghi chú nội bộ"))
register("dossier.viewed_paper", _("{actor} mở giấy tờ của hồ sơ"), paper=int)
register("dossier.rated", _("{actor} đánh giá mức độ hài lòng: {score}/5"), score=int)
