"""Papers to attach: a few small PDFs, each made once and clearly a specimen."""

from functools import cache

from sonha.foundation.rendering.pdf import html_to_pdf

KINDS = {
    "form": "Đơn, tờ khai",
    "identity": "Giấy tờ về nhân thân, tư cách pháp nhân",
    "drawing": "Bản vẽ, bản đồ, sơ đồ",
    "report": "Báo cáo, đề án, thuyết minh",
    "certificate": "Giấy chứng nhận, quyết định, hợp đồng",
    "data": "Dữ liệu, tài liệu cung cấp",
}
WORDS = {
    "drawing": ("bản vẽ", "bản đồ", "sơ đồ", "trích đo", "mặt cắt"),
    "report": ("báo cáo", "đề án", "phương án", "thuyết minh", "dự án", "kế hoạch"),
    "identity": ("căn cước", "nhân thân", "đăng ký kinh doanh", "đăng ký doanh nghiệp", "uỷ quyền"),
    "form": ("đơn", "tờ khai", "văn bản đề nghị", "bản khai"),
}


def kind_of(title: str) -> str:
    """Which specimen stands for a paper of this title."""
    lowered = title.lower()
    return next((kind for kind, words in WORDS.items() if any(word in lowered for word in words)), "certificate")


@cache
def scan(kind: str) -> bytes:
    """The PDF of a specimen; `kind` is one of KINDS."""
    line = "Nội dung minh hoạ, không có giá trị pháp lý. " + "." * 41
    lines = "".join(f"<p>{number}. {line}</p>" for number in range(1, 13))
    head = "<p style='text-align: center'>TÀI LIỆU MINH HOẠ</p>"
    title = f"<h1 style='text-align: center; font-size: 16pt'>{KINDS[kind]}</h1>"
    return html_to_pdf(f"<html lang='vi'><head><title>{KINDS[kind]}</title></head><body>{head}{title}{lines}</body></html>")
