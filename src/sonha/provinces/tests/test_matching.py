"""Every row of the catalogue gets exactly one family, the family a clerk would choose."""

import pytest

from sonha.provinces.matching import family_of, family_rules, fold, level_of, subject_of
from sonha.provinces.tests.declared import documents, rows

ROWS = rows("catalogue/procedures.csv")


def test_all_1717_rows_match_a_family_with_a_file() -> None:
    families = {document["key"] for _path, document in documents("families")}
    chosen = [family_of(row) for row in ROWS]
    assert len(chosen) == 1717
    assert set(chosen) == families == {key for key, _rules in family_rules()}


def test_the_last_family_takes_what_is_left() -> None:
    assert family_rules()[-1] == ("generic", ({},))
    assert family_of({"agency": "Sở X", "field": "", "name": "Việc chưa ai nghĩ tới"}) == "generic"


def test_few_procedures_are_left_to_the_last_family() -> None:
    assert sum(family_of(row) == "generic" for row in ROWS) < 60


@pytest.mark.parametrize(
    ("agency", "field", "name", "family"),
    [
        ("UBND Xã", "Lĩnh vực Tư pháp", "Thủ tục đăng ký khai sinh", "civil_status"),
        ("UBND Huyện", "Lĩnh vực Tư pháp", "Chứng thực bản sao từ bản chính", "authentication"),
        ("Sở Thanh Tra", "Lĩnh vực giải quyết khiếu nại", "Thủ tục giải quyết khiếu nại lần đầu", "complaint"),
        ("UBND Xã", "Lĩnh vực Phòng chống tham nhũng", "Thủ tục tiếp nhận yêu cầu giải trình", "accountability"),
        ("Sở Nội vụ", "Lĩnh vực Thi đua - Khen thưởng", "Thủ tục tặng Bằng khen của Chủ tịch UBND tỉnh", "commendation_request"),
        ("Sở Y tế", "Lĩnh vực Dược phẩm", "Cấp Chứng chỉ hành nghề dược theo hình thức xét hồ sơ", "practising_certificate"),
        ("Sở Công thương", "Lĩnh vực Thuốc lá", "Cấp lại Giấy phép bán buôn sản phẩm thuốc lá", "reissue_amendment"),
        ("Sở Công thương", "Lĩnh vực Thuốc lá", "Cấp Giấy phép bán buôn sản phẩm thuốc lá", "permit"),
        ("Sở Tài nguyên và Môi trường", "Lĩnh vực Đăng ký Biện pháp đảm bảo", "Xóa đăng ký biện pháp bảo đảm", "security_interest"),
    ],
)
def test_what_a_procedure_does_decides(agency: str, field: str, name: str, family: str) -> None:
    assert family_of({"agency": agency, "field": field, "name": name}) == family


def test_words_match_whole_and_without_marks() -> None:
    assert fold("Đổi Giấy phép;  lần 2") == "doi giay phep lan 2"
    assert subject_of("Thủ tục cấp giấy phép") == "cap giay phep"
    assert [level_of(agency) for agency in ("UBND Huyện", "UBND Xã", "UBND tỉnh")] == ["district", "commune", "province"]
