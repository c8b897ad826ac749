"""Every sentence that a check of answers can say, in one place: the server fills them in, and the browser gets the same list as JSON."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

SENTENCES = {
    "required": gettext_noop("Ông/bà cần điền “{label}”."),
    "required_choice": gettext_noop("Ông/bà cần chọn “{label}”."),
    "required_tick": gettext_noop("Ông/bà cần đánh dấu xác nhận “{label}”."),
    "required_file": gettext_noop("Ông/bà cần tải lên “{label}”."),
    "required_place": gettext_noop("Ông/bà cần chọn “{label}” trên bản đồ hoặc nhập toạ độ."),
    "min_items": gettext_noop("“{label}” cần ít nhất {min} dòng."),
    "max_items": gettext_noop("“{label}” có nhiều nhất {max} dòng."),
    "text": gettext_noop("“{label}” phải là chữ."),
    "too_long": gettext_noop("“{label}” dài quá {max} ký tự; hãy viết ngắn hơn."),
    "too_short": gettext_noop("“{label}” cần ít nhất {min} ký tự."),
    "pattern": gettext_noop("“{label}” chưa đúng dạng quy định."),
    "email": gettext_noop("“{label}” phải là địa chỉ thư điện tử, ví dụ ten@example.vn."),
    "phone": gettext_noop("“{label}” phải là số điện thoại Việt Nam, ví dụ 0912 345 678 hoặc 0205 3812 345."),
    "personal_id": gettext_noop("“{label}” phải gồm 12 số (căn cước) hoặc 9 số (chứng minh nhân dân)."),
    "tax_code": gettext_noop("“{label}” phải gồm 10 số, hoặc 10 số và 3 số của đơn vị phụ thuộc."),
    "tax_code_check": gettext_noop("“{label}” không đúng số kiểm tra; hãy xem lại từng chữ số."),
    "number": gettext_noop("“{label}” phải là một số, ví dụ 1.250,5."),
    "integer": gettext_noop("“{label}” phải là số nguyên."),
    "money": gettext_noop("“{label}” phải là số tiền nguyên đồng, ví dụ 1.200.000."),
    "decimals": gettext_noop("“{label}” có nhiều nhất {decimals} chữ số thập phân."),
    "min": gettext_noop("“{label}” phải từ {min} trở lên."),
    "max": gettext_noop("“{label}” không được quá {max}."),
    "between": gettext_noop("“{label}” phải từ {min} đến {max}."),
    "date": gettext_noop("“{label}” phải là một ngày có thật, dạng ngày/tháng/năm, ví dụ 05/03/2025."),
    "date_min": gettext_noop("“{label}” không được trước ngày {min}."),
    "date_max": gettext_noop("“{label}” không được sau ngày {max}."),
    "boolean": gettext_noop("“{label}” phải là có hoặc không."),
    "choice": gettext_noop("“{label}” có lựa chọn không nằm trong danh sách."),
    "unit": gettext_noop("“{label}” phải là một đơn vị hành chính trong danh sách."),
    "unit_within": gettext_noop("“{label}” không thuộc nơi đã chọn ở trên."),
    "point": gettext_noop("“{label}” phải là một vị trí: vĩ độ và kinh độ, hoặc toạ độ VN-2000."),
    "polygon": gettext_noop("“{label}” phải là một vùng có ít nhất ba đỉnh."),
    "line": gettext_noop("“{label}” phải là một đường có ít nhất hai đỉnh."),
    "closed": gettext_noop("“{label}” phải khép kín: đỉnh cuối trùng đỉnh đầu."),
    "crossing": gettext_noop("“{label}” có đường ranh cắt nhau; hãy kiểm tra thứ tự các đỉnh."),
    "outside": gettext_noop("“{label}” nằm ngoài phạm vi cho phép; hãy kiểm tra toạ độ, có thể kinh độ và vĩ độ bị đổi chỗ."),
    "vertices": gettext_noop("“{label}” có quá {max} đỉnh; hãy đơn giản hoá đường ranh."),
    "area": gettext_noop("“{label}” rộng {area} ha, quá mức {max} ha."),
    "file": gettext_noop("“{label}” có tệp không tìm thấy; hãy tải lên lại."),
    "file_type": gettext_noop("“{label}” chỉ nhận tệp {accept}."),
    "file_size": gettext_noop("“{label}” có tệp lớn hơn {max} MB."),
    "max_files": gettext_noop("“{label}” nhận nhiều nhất {max} tệp."),
    "repeat": gettext_noop("“{label}” có dòng không đọc được."),
}


def catalogue() -> dict[str, str]:
    """Code -> sentence in the current language. `{label}` is the field, with its row when it stands in a repeated group."""
    return {code: _(text) for code, text in SENTENCES.items()}


def interface() -> dict[str, str]:
    """Words of the form itself that the browser writes (states of saving, map, rows)."""
    return {
        "saved": _("Đã lưu lúc {time}"),
        "saving": _("Đang lưu…"),
        "offline": _("Chưa gửi được; nội dung được giữ trên máy này và sẽ tự lưu khi có mạng."),
        "restored": _("Đã khôi phục nội dung chưa kịp lưu của lần trước."),
        "clash": _("Trang này vừa được sửa trên máy khác lúc {time}. Những gì ông/bà gõ ở đây chưa mất; xin chọn bản nào được giữ."),
        "clash_mine": _("Giữ bản đang ở màn hình này"),
        "clash_theirs": _("Lấy bản sửa trên máy kia"),
        "pick_point": _("Bấm vào bản đồ để chọn vị trí."),
        "pick_polygon": _("Bấm lần lượt các đỉnh của vùng; kéo một đỉnh để sửa."),
        "locating": _("Đang xác định vị trí…"),
        "no_position": _("Không lấy được vị trí của máy; hãy chọn trên bản đồ hoặc nhập toạ độ."),
        "map_failed": _("Không mở được bản đồ; hãy nhập toạ độ."),
        "uploading": _("Đang tải lên {name}… {percent}%"),
        "upload_waiting": _("Mạng đang đứt; {name} sẽ tự gửi lại."),
        "upload_failed": _("Không tải lên được {name}. Hãy thử lại."),
        "uploaded": _("Đã tải lên {name}."),
        "remove": _("Bỏ"),
        "no_match": _("Không có nơi nào tên như vậy."),
        "type_to_search": _("Gõ để tìm, không cần dấu"),
        "row_added": _("Đã thêm {label}."),
        "row_removed": _("Đã bỏ {label}."),
        "undo_vertex": _("Bỏ đỉnh cuối"),
        "clear": _("Xoá hết"),
        "area": _("Diện tích: {area} ha"),
        "vertex_here": _("Bấm lên bản đồ từng đỉnh của đường; kéo một đỉnh để sửa."),
        "length": _("Đường dài {length} m"),
        "parts": _("Các phần: {areas}"),
        "not_across": _("Đường chưa cắt qua thửa đất; hãy kẻ từ cạnh này sang cạnh kia của thửa."),
        "fill_in": _("Điền vào tờ khai"),
        "ask_failed": _("Chưa tra được cơ sở dữ liệu; ông/bà cứ ghi tiếp."),
        "unread_file": _("Không đọc được toạ độ trong tệp; mỗi dòng cần hai số, hoặc tệp GeoJSON có một đường."),
        "leave": _("Nội dung chưa được lưu."),
    }


def sentence(code: str, **values: Any) -> str:
    """The sentence of a code, filled in."""
    return _(SENTENCES[code]).format(**values)
