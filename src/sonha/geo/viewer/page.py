"""What the page is told when it opens: layers, addresses, words. One JSON, read by static/viewer/map.js."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sonha.foundation.access.actor import Actor
from sonha.foundation.organisations.selectors import communes
from sonha.registry.pages.places import ZONES, province_frame, province_srid

from .tree import tree

FIRST_YEAR = 2000


def settings_of(actor: Actor) -> dict[str, Any]:
    srid = province_srid()
    return {
        "groups": tree(actor),
        "frame": list(province_frame()),
        "communes": [{"name": each.name, "at": [round(each.centre.x, 5), round(each.centre.y, 5)]} for each in communes() if each.centre],
        "today": timezone.localdate().isoformat(),
        "firstYear": FIRST_YEAR,
        "plane": {"srid": srid, "meridian": _meridian(srid), "name": ZONES.get(srid, str(srid))},
        "language": get_language(),
        "addresses": {
            "search": reverse("map_search"),
            "here": reverse("map_here"),
            "river": reverse("map_river"),
            "overlaps": reverse("map_overlaps"),
            "file": reverse("map_file"),
        },
        "words": words(),
        "demonstration": settings.DEMONSTRATION,
    }


def _meridian(srid: int) -> float:
    """Central meridian in degrees, from its name: 107°15′."""
    whole, minutes = ZONES[srid].rstrip("′").split("°")
    return int(whole) + int(minutes) / 60


def words() -> dict[str, str]:
    """Sentences of the scripts, in the reader's language."""
    return {**_of_layers(), **_of_records(), **_of_drawing(), **_of_measuring(), **_of_files()}


def _of_layers() -> dict[str, str]:
    return {
        "noMap": _("Trình duyệt này không vẽ được bản đồ (thiếu WebGL). Có thể tra cứu trong các sổ đăng ký."),
        "noLayers": _("Chưa có lớp bản đồ nào ông/bà được xem."),
        "more": _("Độ mờ, thứ tự, nguồn"),
        "opacity": _("Độ đậm"),
        "legend": _("Chú giải: {count} loại"),
        "up": _("Lên trên"),
        "down": _("Xuống dưới"),
        "openRegister": _("Mở sổ đăng ký"),
        "fromScale": _("Hiện từ tỉ lệ 1:{scale} trở lên."),
        "outOfScale": _("Phóng to thêm để thấy lớp này."),
        "zoomIn": _("Phóng to"),
        "zoomOut": _("Thu nhỏ"),
        "locate": _("Vị trí của tôi"),
        "noPosition": _("Không biết được vị trí của thiết bị."),
        "copied": _("Đã chép"),
        "copy": _("Chép đường dẫn này:"),
    }


def _of_records() -> dict[str, str]:
    return {
        "asking": _("Đang tìm…"),
        "nothing": _("Không có gì ở đây trong các lớp ông/bà được xem."),
        "nothingFound": _("Không tìm thấy. Hãy thử số tờ, số thửa, số giấy phép hoặc một phần tên."),
        "failed": _("Không hỏi được máy chủ; xin thử lại."),
        "found": _("Tìm thấy {count} bản ghi"),
        "moreThan": _("hơn {count}"),
        "listed": _("Kể {shown} bản ghi đầu; xem đủ trong sổ đăng ký."),
        "openRecord": _("Mở bản ghi"),
        "inArea": _("Trong vùng {area}"),
        "saveList": _("Tải danh sách"),
        "openList": _("Mở danh sách"),
        "exportList": _("Xuất dữ liệu"),
        "register": _("Sổ đăng ký"),
        "record": _("Bản ghi"),
        "details": _("Thông tin"),
        "address": _("Đường dẫn"),
        "overlaps": _("Báo cáo chồng lấn"),
        "upstream": _("Ngược dòng {length}, qua {reaches} đoạn sông"),
        "downstream": _("Xuôi dòng {length}, qua {reaches} đoạn sông"),
    }


def _of_drawing() -> dict[str, str]:
    return {
        "draw_point": _("Bấm một điểm trên bản đồ."),
        "draw_line": _("Bấm từng điểm của đường; bấm đúp hoặc «Xong» để kết thúc."),
        "draw_area": _("Bấm từng đỉnh của vùng; bấm đúp hoặc «Xong» để khép kín."),
        "draw_box": _("Bấm hai góc đối diện của khung."),
    }


def _of_measuring() -> dict[str, str]:
    return {
        "lengthIs": _("{plane} m trên mặt phẳng VN-2000, kinh tuyến trục {meridian}, múi 3°; {ellipsoid} m trên ellipsoid WGS 84."),
        "areaIs": _(
            "{plane} m² ({hectares} ha) trên mặt phẳng VN-2000, kinh tuyến trục {meridian}, múi 3°; {ellipsoid} m² trên ellipsoid WGS 84; "
            "chu vi {around} m."
        ),
    }


def _of_files() -> dict[str, str]:
    return {
        "fileTooLarge": _("Tệp lớn hơn 20 MB; xin nhập vào sổ đăng ký thay cho xem trên bản đồ."),
        "fileEmpty": _("Tệp không có hình nào có toạ độ."),
        "fileUnread": _("Tệp GeoJSON không đọc được; toạ độ cần là kinh độ, vĩ độ WGS 84."),
        "fileShown": _("{name}: {count} đối tượng."),
        "inFile": _("Trong vùng của tệp có gì"),
        "remove": _("Bỏ khỏi bản đồ"),
    }
