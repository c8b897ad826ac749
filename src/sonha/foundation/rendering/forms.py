"""The one-stop forms by law and date: which number and title a form bears on a given day.

Sources: Circular 01/2018/TT-VPCP of 23/11/2018 (forms 01-06 of its appendix, guiding Decree 61/2018/ND-CP); since
Decree 118/2025/ND-CP took its place on 01/07/2025, Appendix I of Circular 03/2025/TT-VPCP (forms 01-07). The circular
says that forms 01-05 may be printed on A5 and form 06 on A4.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class FormReference:
    """One form in one circular.

    `assumption` is what the province must confirm before relying on it (empty = confirmed text).
    """

    key: str
    number: str
    title: str
    circular: str
    valid_from: date
    valid_to: date | None = None
    assumption: str = ""

    @property
    def mark(self) -> str:
        """The mark in the corner of the paper."""
        return f"Mẫu số {self.number} – {self.circular}"


TT01 = "Thông tư số 01/2018/TT-VPCP"
TT03 = "Thông tư số 03/2025/TT-VPCP"
FROM_2018, TO_2025, FROM_2025 = date(2018, 11, 23), date(2025, 6, 30), date(2025, 7, 1)
TO_CONFIRM = (
    "Ngày có hiệu lực và bố cục chi tiết của mẫu theo Phụ lục I Thông tư 03/2025/TT-VPCP cần được địa phương xác nhận; "
    "hệ thống giữ bố cục của Thông tư 01/2018/TT-VPCP và áp dụng số mẫu mới từ ngày Nghị định "
    "118/2025/NĐ-CP có hiệu lực."
)
_NAMES = {
    "receipt": ("01", "01", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"),
    "supplement": ("02", "02", "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"),
    "refusal": ("03", "03", "Phiếu từ chối tiếp nhận giải quyết hồ sơ"),
    "apology": ("04", "04", "Phiếu xin lỗi và hẹn lại ngày trả kết quả"),
    "stop": ("", "05", "Thông báo dừng giải quyết hồ sơ"),
    "control_sheet": ("05", "06", "Phiếu kiểm soát quá trình giải quyết hồ sơ"),
    "register": ("06", "07", "Sổ theo dõi hồ sơ"),
}
_TITLES_2025 = {"apology": "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết"}

FORMS: tuple[FormReference, ...] = tuple(
    FormReference(key, old, title, TT01, FROM_2018, TO_2025) for key, (old, _, title) in _NAMES.items() if old
) + tuple(
    FormReference(key, new, _TITLES_2025.get(key, title), TT03, FROM_2025, assumption=TO_CONFIRM) for key, (_, new, title) in _NAMES.items()
)


def form_on(key: str, day: date) -> FormReference:
    """The form `key` as the law stood on `day`; before 2018 and for a form that did not exist yet, its first version.

    KeyError if unknown.
    """
    known = [form for form in FORMS if form.key == key]
    if not known:
        raise KeyError(key)
    in_force = [form for form in known if form.valid_from <= day and (form.valid_to is None or day <= form.valid_to)]
    return (in_force or known)[0]
