"""What payments write into the audit log. Gateway numbers stay in their rows: the log refers to payments by id."""

from django.utils.translation import gettext_lazy as _

from sonha.foundation.audit.verbs import register

register("invoice.issued", _("{actor} lập phiếu yêu cầu thanh toán {total} đồng"), total=int, for_applicant=True)
register("invoice.paid", _("Phiếu được thanh toán {amount} đồng"), amount=int, payment=int, source=str, for_applicant=True)
register("invoice.cancelled", _("{actor} huỷ phiếu yêu cầu thanh toán"), reason=str, for_applicant=True)
register("invoice.refunded", _("Phiếu được hoàn tiền {amount} đồng"), amount=int, payment=int, for_applicant=True)
register("payment.unwanted", _("Nhận {amount} đồng không thanh toán được cho phiếu ({standing})"), amount=int, payment=int, standing=str)
register("payment.refund_requested", _("{actor} yêu cầu hoàn {amount} đồng"), amount=int, payment=int)
register("payment.refunded", _("Đã hoàn {amount} đồng"), amount=int, payment=int)
register("payments.reconciled", _("Đối soát: {differences} chênh lệch"), differences=int)
register("difference.resolved", _("{actor} xử lý chênh lệch đối soát"), kind=str)
