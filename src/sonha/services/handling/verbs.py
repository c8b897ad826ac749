"""What the audit log says of ready sentences and of papers that left as an archive."""

from django.utils.translation import gettext_lazy as _

from sonha.foundation.audit.verbs import register

register("sentence.changed", _("{actor} ghi câu mẫu số {number}"), number=int)
register("sentence.removed", _("{actor} bỏ câu mẫu số {number}"), number=int)
register("dossier.papers_exported", _("{actor} tải {papers} giấy tờ của hồ sơ trong một tệp nén"), papers=int)
