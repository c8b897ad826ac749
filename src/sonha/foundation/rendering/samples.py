"""One filled-in example of every paper, to look at layouts (`manage preview_papers`) and for tests. People and numbers are invented."""

# ruff: noqa: E501 - the sentences of a paper stay whole

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sonha.foundation.rendering import papers as p

DAY = date(2024, 2, 5)
MOMENT = datetime(2024, 2, 5, 1, 30, tzinfo=UTC)
CHECK = "https://dichvucong.example.vn/kiem-tra/7K2M9QX4TB/"
UNIT = "Sở Tài nguyên và Môi trường"
DESK = p.Letterhead(
    superior="Ủy ban nhân dân tỉnh Lạng Sơn",
    agency="Trung tâm Phục vụ hành chính công",
    number="118/TTPVHCC",
    place="Lạng Sơn",
    day=DAY,
)
AGENCY = p.Letterhead(superior="Ủy ban nhân dân tỉnh Lạng Sơn", agency=UNIT, number="0212/STNMT-NKS", place="Lạng Sơn", day=DAY)
PROVINCE = p.Letterhead(agency="Ủy ban nhân dân\ntỉnh Lạng Sơn", number="15/GP-UBND", place="Lạng Sơn", day=DAY)
OWNER = p.Party(
    name="Công ty trách nhiệm hữu hạn một thành viên Nước sạch Tràng Định",
    identity="MST 4900123456",
    address="Số 12, đường Hùng Vương, thị trấn Thất Khê, huyện Tràng Định, tỉnh Lạng Sơn",
    phone="0205 3 812 345",
    email="vanphong@nuocsach.example.vn",
)
CITIZEN = p.Party(
    name="Hoàng Thị Nguyệt Ánh",
    identity="CCCD số 020******456",
    address="Thôn Nà Pàn, xã Đề Thám",
    phone="0912 *** 678",
)
PROCEDURE = "Cấp giấy phép khai thác, sử dụng nước dưới đất đối với công trình có lưu lượng dưới 3.000 m³/ngày đêm (thẩm quyền của tỉnh)"
DESK_FORM: dict[str, Any] = {
    "letterhead": DESK,
    "dossier_code": "H37.20-240205-0007",
    "procedure": PROCEDURE,
    "owner": OWNER,
    "applicant": CITIZEN,
    "desk": "Trung tâm Phục vụ hành chính công tỉnh Lạng Sơn",
    "official": "Lương Thế Vĩnh",
    "contact": "0205 3 899 999",
    "check_url": "https://dichvucong.example.vn/tra-cuu/H37.20-240205-0007/",
}
CHAIRMAN = p.Signatory(authority=("TM. Ủy ban nhân dân", "KT. Chủ tịch", "Phó Chủ tịch"), name="Nguyễn Trọng Khuyến")
DIRECTOR = p.Signatory(authority=("KT. Giám đốc", "Phó Giám đốc"), name="Đặng Quỳnh Ngữ Uyên")
BASES = (
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015",
    "Căn cứ Luật Tài nguyên nước ngày 21 tháng 6 năm 2012",
    "Căn cứ Nghị định số 02/2023/NĐ-CP ngày 01 tháng 02 năm 2023 của Chính phủ quy định chi tiết thi hành một số điều của Luật Tài nguyên nước",
    "Xét Đơn đề nghị cấp giấy phép khai thác nước dưới đất của Công ty và hồ sơ kèm theo",
)
WELLS = p.Table(
    headers=("TT", "Số hiệu giếng", "Tọa độ X (m)", "Tọa độ Y (m)", "Chiều sâu (m)", "Lưu lượng (m³/ngày đêm)"),
    rows=[
        (str(n), f"GK{n:02d}", f"24{62 + n % 7}3{n:02d}.12", f"4{n % 10}51{n:02d}.45", str(60 + n), f"{120 + 3 * n}") for n in range(1, 61)
    ],
    numeric=(2, 3, 4, 5),
    caption="Hệ tọa độ VN-2000, kinh tuyến trục 107°15', múi chiếu 3°",
)
ISSUED: dict[str, Any] = {"check_url": CHECK, "check_code": "7K2M9-QX4TB"}


def samples() -> dict[str, p.Paper]:
    """Name to paper, one of each kind."""
    return {
        "receipt": p.Receipt(
            **DESK_FORM,
            papers=[
                p.PaperLine(title="Đơn đề nghị cấp giấy phép khai thác nước dưới đất (Mẫu 03)", form="Bản điện tử"),
                p.PaperLine(
                    title="Bản đồ khu vực và vị trí công trình khai thác nước dưới đất tỷ lệ 1/50.000 – 1/25.000",
                    form="Bản chính",
                ),
                p.PaperLine(title="Báo cáo kết quả thăm dò đánh giá trữ lượng nước dưới đất", form="Bản chính", copies=2),
                p.PaperLine(
                    title="Kết quả phân tích chất lượng nguồn nước không quá 06 tháng",
                    form="Bản sao chứng thực",
                    note="bổ sung sau",
                ),
            ],
            time_limit="30 ngày làm việc kể từ ngày nhận đủ hồ sơ hợp lệ",
            received_at=MOMENT,
            due_at=MOMENT + timedelta(days=45),
            return_at="Trung tâm Phục vụ hành chính công tỉnh Lạng Sơn",
            fees=[("Phí thẩm định", 1_100_000)],
            fee_state="chưa nộp",
            book="01/2024",
            order="0007",
        ),
        "supplement_request": p.SupplementRequest(
            **DESK_FORM,
            items=[
                "Bản đồ khu vực và vị trí công trình: bổ sung lưới tọa độ VN-2000, kinh tuyến trục 107°15', múi chiếu 3°.",
                "Báo cáo kết quả thăm dò: bổ sung kết quả bơm thí nghiệm của giếng GK02.",
                "Kết quả phân tích chất lượng nước còn hiệu lực (không quá 06 tháng tính đến ngày nộp hồ sơ).",
            ],
            reason="Hồ sơ chưa đủ căn cứ thẩm định theo quy định.",
            deadline=date(2024, 3, 6),
        ),
        "refusal": p.Refusal(**DESK_FORM, reasons=["Thủ tục không thuộc thẩm quyền giải quyết của tỉnh.", "Đơn không có chữ ký hợp lệ."]),
        "apology": p.Apology(
            **{**DESK_FORM, "letterhead": replace(AGENCY, number="45/PXL-STNMT")},
            received_at=MOMENT,
            due_at=MOMENT + timedelta(days=45),
            reason="Cơ quan được lấy ý kiến chưa có văn bản trả lời.",
            new_due_at=MOMENT + timedelta(days=55),
            signatory=DIRECTOR,
        ),
        "stop_notice": p.StopNotice(
            **{**DESK_FORM, "letterhead": replace(AGENCY, number="46/TB-STNMT", day=date(2025, 8, 5))},
            reasons=["Chủ hồ sơ có văn bản đề nghị rút hồ sơ ngày 01/8/2025."],
            signatory=DIRECTOR,
        ),
        "control_sheet": p.ControlSheet(
            **DESK_FORM,
            agency=UNIT,
            consulted=("Ủy ban nhân dân thị trấn Thất Khê",),
            received_at=MOMENT,
            due_at=MOMENT + timedelta(days=45),
            handovers=[
                p.Handover(
                    giver="Bộ phận Tiếp nhận và Trả kết quả" if n == 0 else f"Phòng Tài nguyên nước và Khoáng sản (bước {n})",
                    taker=f"Phòng Tài nguyên nước và Khoáng sản (bước {n + 1})",
                    giver_name="Lương Thế Vĩnh",
                    taker_name="Chu Văn Tiến",
                    at=MOMENT + timedelta(days=n),
                    result=("Trước hạn", "Đúng hạn", "Quá hạn")[n % 3],
                    note="Chờ ý kiến phối hợp" if n == 4 else "",
                )
                for n in range(12)
            ],
        ),
        "register": p.DossierRegister(
            letterhead=DESK,
            period_from=date(2024, 1, 1),
            period_to=date(2024, 3, 31),
            book="01/2024",
            rows=[
                p.RegisterRow(
                    code=f"H37.20-240205-{n:04d}",
                    procedure=PROCEDURE if n % 3 else "Tách thửa, hợp thửa đất",
                    sets=1,
                    owner=OWNER.name if n % 3 else CITIZEN.name,
                    contact=f"{OWNER.address}\n{OWNER.phone}",
                    agency=UNIT,
                    received_at=MOMENT,
                    due_at=MOMENT + timedelta(days=45),
                    forwarded_at=MOMENT + timedelta(days=1),
                    result_at=None if n % 2 else MOMENT + timedelta(days=40),
                    returned_at=None if n % 2 else MOMENT + timedelta(days=41),
                    return_method="" if n % 2 else "Trực tuyến",
                )
                for n in range(1, 25)
            ],
        ),
        "permit": p.Permit(
            letterhead=PROVINCE,
            title="GIẤY PHÉP KHAI THÁC NƯỚC DƯỚI ĐẤT",
            issuer="Chủ tịch Ủy ban nhân dân tỉnh Lạng Sơn",
            bases=BASES,
            articles=[
                p.Article(
                    heading="Cho phép Công ty trách nhiệm hữu hạn một thành viên Nước sạch Tràng Định khai thác nước dưới đất với các nội dung:",
                    paragraphs=[
                        "1. Tên công trình: Nhà máy nước Thất Khê.",
                        "2. Mục đích khai thác, sử dụng nước: cấp nước sinh hoạt.",
                        "3. Tầng chứa nước khai thác: khe nứt - karst hệ tầng Bắc Sơn (c-p bs).",
                        "4. Tổng lượng nước khai thác: 1.460 m³/ngày đêm; thời hạn của giấy phép: 10 năm. Vị trí giếng tại Phụ lục.",
                    ],
                ),
                p.Article(
                    paragraphs=[
                        "Chủ giấy phép tuân thủ các nội dung của Giấy phép, thực hiện quan trắc và báo cáo theo quy định của pháp luật."
                    ]
                ),
                p.Article(paragraphs=["Giấy phép này có hiệu lực kể từ ngày ký./."]),
            ],
            signatory=CHAIRMAN,
            recipients=(OWNER.name, "Sở Tài nguyên và Môi trường", "UBND huyện Tràng Định", "Lưu: VT, KT"),
            annexes=[p.Annex(title="Tọa độ và lưu lượng các giếng khai thác", tables=[WELLS])],
            **ISSUED,
        ),
        "decision": p.Decision(
            letterhead=replace(PROVINCE, number="256/QĐ-UBND"),
            issuer="Chủ tịch Ủy ban nhân dân tỉnh Lạng Sơn",
            subject="Phê duyệt kết quả thẩm định báo cáo đánh giá tác động môi trường của Dự án khai thác đá vôi mỏ Lân Luông",
            bases=BASES[:2],
            proposal="Theo đề nghị của Giám đốc Sở Tài nguyên và Môi trường tại Tờ trình số 88/TTr-STNMT ngày 01 tháng 02 năm 2024",
            articles=[
                p.Article(
                    paragraphs=["Phê duyệt kết quả thẩm định báo cáo đánh giá tác động môi trường của Dự án với các nội dung tại Phụ lục."]
                ),
                p.Article(paragraphs=["Chủ dự án có trách nhiệm thực hiện các quy định của Luật Bảo vệ môi trường."]),
                p.Article(
                    paragraphs=[
                        "Chánh Văn phòng Ủy ban nhân dân tỉnh, Giám đốc các sở, ngành liên quan và Chủ dự án chịu trách nhiệm thi hành Quyết định này./."
                    ]
                ),
            ],
            signatory=CHAIRMAN,
            recipients=("Như Điều 3", "Bộ Tài nguyên và Môi trường (b/c)", "Lưu: VT, KT"),
            **ISSUED,
        ),
        "certificate": p.Certificate(
            letterhead=replace(AGENCY, number="07/GCN-STNMT"),
            title="GIẤY CHỨNG NHẬN",
            issuer="Giám đốc Sở Tài nguyên và Môi trường chứng nhận",
            facts=[
                ("Tổ chức", OWNER.name),
                ("Mã số thuế", "4900123456"),
                ("Địa chỉ trụ sở", OWNER.address),
                ("Lĩnh vực", "Hành nghề khoan nước dưới đất quy mô vừa và nhỏ"),
                ("Có giá trị", "từ ngày 05/02/2024 đến ngày 05/02/2029"),
            ],
            closing="Giấy chứng nhận này được ghi vào sổ theo dõi của Sở Tài nguyên và Môi trường.",
            signatory=DIRECTOR,
            recipients=(OWNER.name, "Lưu: VT"),
            **ISSUED,
        ),
        "confirmation": p.Confirmation(
            letterhead=replace(AGENCY, number="31/GXN-STNMT"),
            title="GIẤY XÁC NHẬN",
            subject="Đăng ký chủ nguồn thải chất thải nguy hại",
            issuer="Sở Tài nguyên và Môi trường tỉnh Lạng Sơn",
            facts=[
                ("Tên chủ nguồn thải", OWNER.name),
                ("Mã số quản lý", "20.000123.T"),
                ("Địa chỉ cơ sở phát sinh", OWNER.address),
            ],
            paragraphs=[
                "Chủ nguồn thải đã đăng ký các loại chất thải nguy hại theo danh sách dưới đây và thực hiện đúng trách nhiệm theo quy định."
            ],
            tables=[
                p.Table(
                    headers=("TT", "Tên chất thải", "Mã CTNH", "Số lượng (kg/năm)"),
                    rows=[
                        ("1", "Dầu động cơ, hộp số thải", "17 02 03", "120"),
                        ("2", "Giẻ lau nhiễm thành phần nguy hại", "18 02 01", "35"),
                    ],
                    numeric=(3,),
                )
            ],
            signatory=DIRECTOR,
            recipients=(OWNER.name, "Lưu: VT, MT"),
            **ISSUED,
        ),
        "letter": p.Letter(
            letterhead=AGENCY,
            subject="không cấp giấy phép khai thác nước dưới đất cho Công ty TNHH MTV Nước sạch Tràng Định",
            addressees=(OWNER.name,),
            paragraphs=[
                "Sở Tài nguyên và Môi trường nhận được hồ sơ đề nghị cấp giấy phép khai thác nước dưới đất của Công ty (mã hồ sơ H37.20-240205-0007).",
                "Sau khi thẩm định, Sở Tài nguyên và Môi trường nhận thấy vị trí giếng nằm trong vùng hạn chế khai thác nước dưới đất, do đó chưa đủ điều kiện cấp phép.",
                "Sở Tài nguyên và Môi trường trả lời để Công ty biết và nhận lại hồ sơ tại Trung tâm Phục vụ hành chính công tỉnh./.",
            ],
            signatory=DIRECTOR,
            recipients=("Như trên", "UBND tỉnh (b/c)", "Lưu: VT, NKS"),
            **ISSUED,
        ),
        "data_delivery": p.DataDelivery(
            letterhead=replace(AGENCY, number="12/BBGN-STNMT"),
            bases=("Căn cứ Phiếu yêu cầu cung cấp thông tin, dữ liệu đo đạc và bản đồ ngày 01 tháng 02 năm 2024",),
            giver=p.Party(
                name="Trung tâm Công nghệ thông tin – Sở Tài nguyên và Môi trường tỉnh Lạng Sơn",
                address="Số 01, đường Hoàng Văn Thụ",
            ),
            taker=CITIZEN,
            giver_representative="Vũ Đình Khoát",
            taker_representative="Hoàng Thị Nguyệt Ánh",
            items=p.Table(
                headers=("TT", "Tên thông tin, dữ liệu", "Đơn vị", "Số lượng", "Định dạng"),
                rows=[
                    ("1", "Điểm tọa độ quốc gia hạng III: 083412, 083415", "điểm", "2", "PDF"),
                    ("2", "Mảnh bản đồ F-48-33", "mảnh", "1", "GeoTIFF"),
                ],
                numeric=(3,),
            ),
            purpose="lập bản đồ hiện trạng khu vực dự án",
            terms=("Sử dụng đúng mục đích, không chuyển cho bên thứ ba.", "Ghi nguồn dữ liệu trên sản phẩm."),
            signatory=p.Signatory(authority=("Giám đốc",), name="Vũ Đình Khoát"),
            **ISSUED,
        ),
        "fee_notice": p.FeeNotice(
            letterhead=replace(AGENCY, number="19/TB-STNMT"),
            payer=OWNER,
            dossier_code="H37.20-240205-0007",
            procedure=PROCEDURE,
            lines=[
                p.FeeLine(
                    title="Thẩm định báo cáo khai thác nước dưới đất",
                    amount=1_100_000,
                    kind="phí",
                    basis="Nghị quyết của HĐND tỉnh",
                ),
                p.FeeLine(title="Cấp giấy phép", amount=105_000, kind="lệ phí"),
            ],
            due=date(2024, 2, 19),
            ways=(
                "Nộp trực tuyến trên Cổng dịch vụ công (quét mã).",
                "Nộp tại quầy thu của Trung tâm Phục vụ hành chính công.",
            ),
            signatory=DIRECTOR,
            recipients=("Như trên", "Lưu: VT"),
            check_url="https://dichvucong.example.vn/thanh-toan/42/",
        ),
        "generic": p.Generic(
            letterhead=replace(AGENCY, number="20/TB-STNMT"),
            title="THÔNG BÁO",
            subject="Kết quả kiểm tra thực địa",
            addressees=("Ủy ban nhân dân huyện Tràng Định", "Ủy ban nhân dân thị trấn Thất Khê", OWNER.name),
            paragraphs=["Ngày 01/02/2024, đoàn kiểm tra đã kiểm tra thực địa vị trí công trình khai thác nước."],
            facts=[
                ("Thành phần đoàn", "Phòng Tài nguyên nước và Khoáng sản;\nUBND thị trấn Thất Khê"),
                ("Kết luận", "Đủ điều kiện thẩm định tiếp."),
            ],
            signatory=DIRECTOR,
            recipients=("Như trên", "Lưu: VT, NKS"),
            **ISSUED,
        ),
    }
