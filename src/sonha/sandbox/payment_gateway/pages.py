"""The bank-like page that a payer sees, in Vietnamese, plainly marked as a test: every button is an event worth testing."""

from html import escape
from typing import Any

ACTIONS = [
    ("pay", "Thanh toán", "Trừ tiền một lần và báo kết quả ngay."),
    ("fail", "Thanh toán không thành công", "Ngân hàng từ chối, không trừ tiền."),
    ("twice", "Thanh toán hai lần", "Trừ tiền hai lần cho cùng một đơn."),
    ("late", "Thanh toán sau khi hết hạn", "Trừ tiền sau thời hạn của đơn một phút."),
    ("delayed", "Thanh toán, báo kết quả chậm", "Trừ tiền ngay, một phút sau mới báo kết quả."),
    ("silent", "Thanh toán, không báo kết quả", "Trừ tiền nhưng mất thông báo; đối soát cuối ngày phải tìm ra."),
    ("short", "Thanh toán thiếu 1.000 đồng", "Số tiền bị trừ không khớp với số phải nộp."),
    ("forged", "Gửi thông báo sai chữ ký", "Không trừ tiền; gửi một thông báo giả."),
    ("close", "Đóng, không thanh toán", "Quay lại mà không làm gì."),
]
STATES = {"open": "Chờ thanh toán", "paid": "Đã thanh toán", "failed": "Không thành công", "expired": "Đã hết hạn", "closed": "Đã đóng"}
STYLE = """
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#eef1f5;color:#14202b}
main{max-width:34rem;margin:2rem auto;background:#fff;border:1px solid #c9d2dc;border-radius:8px;padding:1.5rem}
.band{background:#8a4b00;color:#fff;text-align:center;padding:.5rem;font-weight:600}
dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem}dt{color:#51606f}dd{margin:0;text-align:right;overflow-wrap:anywhere}
.amount{font-size:1.5rem;font-weight:700}
button{font:inherit;width:100%;min-height:44px;text-align:left;padding:.6rem .9rem;margin:.25rem 0;
border:1px solid #8fa0b1;border-radius:6px;background:#f7f9fb}
button:first-of-type{background:#0b5a8a;color:#fff;border-color:#0b5a8a}button small{display:block;opacity:.85}
button:focus-visible{outline:3px solid #f0a500}
"""


def dong(amount: int) -> str:
    return f"{amount:,}".replace(",", ".") + " đồng"


def pay_page(order: dict[str, Any]) -> str:
    facts = {
        "Mã đơn": order["order_id"],
        "Mã tham chiếu": order["reference"],
        "Nội dung": order["description"] or "Không ghi",
        "Người nộp": order["payer"] or "Không ghi",
        "Trạng thái": STATES[order["state"]],
    }
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{escape(str(value))}</dd>" for name, value in facts.items())
    buttons = "".join(
        f'<button name="action" value="{key}">{escape(title)}<small>{escape(note)}</small></button>' for key, title, note in ACTIONS
    )
    return page(
        "Thanh toán thử nghiệm",
        f'<h1>Thanh toán</h1><dl>{listed}<dt>Số tiền</dt><dd class="amount">{dong(order["amount"])}</dd></dl>'
        f'<p>Chọn tình huống muốn thử:</p><form method="post">{buttons}</form>',
    )


def page(title: str, content: str) -> str:
    return (
        f'<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/style.css"></head><body>'
        '<p class="band" role="note">THỬ NGHIỆM - Cổng thanh toán thử nghiệm (sandbox), không trừ tiền thật</p>'
        f"<main>{content}</main></body></html>"
    )
