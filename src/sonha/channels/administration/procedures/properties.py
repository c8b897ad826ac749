"""The properties of every element of a declaration, as the editor's sheets show them. Data only; words of docs/declaring-a-procedure.md."""

from django.utils.translation import gettext_lazy as _

from sonha.channels.administration.procedures.sheet import Property
from sonha.process.flows.vocabulary import KINDS, LIMIT_UNITS, OUTCOMES, REQUIREMENTS, ROLES, SERVICES
from sonha.process.forms import schema

PAPER_FORMS = (
    ("original", _("Bản chính")),
    ("certified_copy", _("Bản sao chứng thực")),
    ("copy", _("Bản sao")),
    ("electronic", _("Điền trên mạng")),
)
FIELD_TYPES = (
    ("text", _("Một dòng chữ")),
    ("textarea", _("Đoạn văn")),
    ("integer", _("Số nguyên")),
    ("number", _("Số thập phân")),
    ("money", _("Số tiền (đồng)")),
    ("date", _("Ngày")),
    ("boolean", _("Ô đánh dấu")),
    ("radio", _("Chọn một (nút tròn)")),
    ("select", _("Chọn một (danh sách)")),
    ("checkboxes", _("Chọn nhiều")),
    ("admin_unit", _("Xã, phường")),
    ("point", _("Điểm trên bản đồ")),
    ("line", _("Đường trên bản đồ")),
    ("polygon", _("Vùng trên bản đồ")),
    ("file", _("Tệp đính kèm")),
    ("repeat", _("Nhóm lặp lại")),
    ("note", _("Lời ghi chú")),
    ("computed", _("Tự tính")),
    ("lookup", _("Tra cứu cơ sở dữ liệu")),
    ("email", _("Thư điện tử")),
    ("phone", _("Điện thoại")),
    ("personal_id", _("Số căn cước")),
    ("tax_code", _("Mã số thuế")),
)
PREFILLS = tuple(
    (f"account.{name}", label)
    for name, label in (
        ("name", _("Tên của tài khoản")),
        ("personal_id", _("Số căn cước")),
        ("tax_code", _("Mã số thuế")),
        ("birth_date", _("Ngày sinh")),
        ("address", _("Địa chỉ")),
        ("phone", _("Điện thoại")),
        ("email", _("Thư điện tử")),
        ("commune", _("Xã, phường")),
    )
)
EFFECTS = (
    ("accept", _("Tiếp nhận: đồng hồ bắt đầu chạy")),
    ("refuse", _("Từ chối tiếp nhận")),
    ("request_supplement", _("Yêu cầu bổ sung")),
    ("submit_supplement", _("Nhận phần bổ sung")),
    ("approve", _("Duyệt, trình ký")),
    ("sign", _("Ký số kết quả")),
    ("number", _("Lấy số, đóng dấu")),
    ("issue", _("Ban hành")),
    ("hand_over", _("Trả kết quả")),
    ("withdraw", _("Rút hồ sơ")),
)
SERVICE_NAMES = {
    "issue_result": _("Ghi kết quả vào sổ, ban hành"),
    "refuse_result": _("Ghi nhận văn bản từ chối"),
    "request_payment": _("Thông báo nộp tiền"),
    "notify": _("Thông báo"),
}
OUTCOME_KINDS = (
    ("permit", _("Giấy phép")),
    ("certificate", _("Giấy chứng nhận")),
    ("decision", _("Quyết định")),
    ("confirmation", _("Giấy xác nhận")),
    ("data", _("Dữ liệu")),
    ("letter", _("Công văn")),
)
LAYOUTS = (
    ("permit", _("Giấy phép")),
    ("decision", _("Quyết định")),
    ("certificate", _("Giấy chứng nhận")),
    ("confirmation", _("Giấy xác nhận")),
    ("letter", _("Công văn")),
    ("data", _("Biên bản giao dữ liệu")),
    ("generic", _("Văn bản chung")),
)
HITS = (("first", _("Dòng đầu tiên khớp")), ("all", _("Mọi dòng khớp, cộng lại")))
DUES = (("before_acceptance", _("Trước khi thụ lý")), ("before_return", _("Trước khi trả kết quả")))
FEE_KINDS = (("fee", _("Phí")), ("charge", _("Lệ phí")), ("right_fee", _("Tiền cấp quyền")))
TERMS = (("years", _("năm")), ("months", _("tháng")), ("days", _("ngày")))
AUDIENCES = (("citizen", _("Cá nhân")), ("business", _("Doanh nghiệp, tổ chức")))
CHANNELS = (("online", _("Trên mạng")), ("desk", _("Tại bộ phận một cửa")), ("post", _("Qua bưu chính")))

SOURCE = Property("source", _("Căn cứ"), "choice", choices="sources", group="more", empty=_("(không ghi)"))
SOURCE_HELP = _("Căn cứ đánh dấu “tỉnh phải xác nhận” hiện cho người quản trị biết.")
NUMBERS = frozenset(schema.NUMBER_TYPES)
TEXTS = frozenset(schema.TEXT_TYPES)
CHOICES = frozenset(schema.CHOICE_TYPES)
REPEAT, FILE, LOOKUP, LINE = frozenset({"repeat"}), frozenset({"file"}), frozenset({"lookup"}), frozenset({"line"})
ANSWERED = frozenset(schema.TYPES) - schema.UNASKED_TYPES

ABOUT = (
    Property("flow.title", _("Tên quy trình"), needed=True, help=_("Tên in ở đầu sơ đồ; tên trong danh mục của tỉnh giữ nguyên.")),
    Property("summary", _("Một câu cho người dân"), "long", needed=True, help=_("Thủ tục này giúp làm việc gì, nói bằng lời thường.")),
    Property("audience", _("Ai được nộp"), "many", choices=AUDIENCES, default=()),
    Property("channels", _("Nộp bằng cách nào"), "many", choices=CHANNELS, default=()),
    Property("division", _("Phòng phụ trách"), "choice", choices="units", empty=_("(phòng đầu tiên của cơ quan)")),
    Property("authority", _("Cơ quan ký kết quả"), "choice", choices="units", empty=_("(chính cơ quan giải quyết)")),
    Property(
        "consulted",
        _("Cơ quan được hỏi ý kiến"),
        "pairs",
        help=_(
            "Mỗi dòng: tên = mã đơn vị, hoặc tên = @commune_of:<mục xã, phường của tờ khai>. Ví dụ: commune = @commune_of:location_commune"
        ),
        group="more",
    ),
    Property("life_events", _("Việc trong đời sống"), "many", choices="life_events", default=(), group="more"),
    Property("flow.title_en", _("Tên quy trình (tiếng Anh)"), group="en"),
    Property("summary_en", _("Một câu cho người dân (tiếng Anh)"), "long", group="en"),
)

BASIS = (
    Property(
        "citation", _("Trích dẫn"), "long", needed=True, help=_("Số, ký hiệu văn bản; hoặc điều tỉnh phải xác nhận, viết thành một câu.")
    ),
    Property("article", _("Điều, khoản")),
    Property("valid_from", _("Có hiệu lực từ"), "date"),
    Property("valid_to", _("Hết hiệu lực sau ngày"), "date"),
    Property("assumption", _("Chưa phải quy định: tỉnh phải xác nhận"), "boolean", default=False),
    Property("printed", _("In ở phần “Căn cứ” của kết quả"), "boolean", default=True),
    Property("official", _("Tên đầy đủ khi in"), "long", group="more"),
    Property("id", _("Mã"), group="more", help=_("Để trống thì hệ thống tự đặt. Các mục khác nhắc đến căn cứ bằng mã này.")),
)

PAPER = (
    Property("title", _("Tên giấy tờ"), "long", needed=True),
    Property("required", _("Bắt buộc"), "required", default=False),
    Property("form", _("Hình thức"), "choice", choices=PAPER_FORMS, needed=True),
    Property("copies", _("Số bản"), "integer"),
    Property(
        "reuse", _("Dùng lại"), help=_("Tên loại giấy tờ đã nộp một lần thì được đề nghị dùng lại, ví dụ identity_paper."), choices="reuses"
    ),
    Property("help", _("Hướng dẫn"), "long"),
    SOURCE,
    Property("code", _("Mã"), group="more", help=_("Để trống thì hệ thống đặt theo tên.")),
    Property("title_en", _("Tên giấy tờ (tiếng Anh)"), "long", group="en"),
)

SECTION = (
    Property("title", _("Tiêu đề phần"), needed=True),
    Property("help", _("Hướng dẫn"), "long"),
    Property("when", _("Chỉ hiện khi"), "condition"),
    Property("key", _("Mã"), group="more", help=_("Để trống thì hệ thống đặt theo tiêu đề.")),
    Property("title_en", _("Tiêu đề phần (tiếng Anh)"), group="en"),
    Property("help_en", _("Hướng dẫn (tiếng Anh)"), "long", group="en"),
)

FIELD = (
    Property("label", _("Nhãn"), only=ANSWERED | {"computed", "lookup"}, needed=True),
    Property("text", _("Lời ghi chú"), "long", only=frozenset({"note"}), needed=True),
    Property("type", _("Loại"), "choice", choices=FIELD_TYPES, needed=True),
    Property("required", _("Bắt buộc"), "required", only=ANSWERED, default=False),
    Property("help", _("Hướng dẫn"), "long"),
    Property(
        "options",
        _("Các lựa chọn"),
        "options",
        only=CHOICES,
        help=_("Mỗi dòng một lựa chọn: nhãn; hoặc mã | nhãn; hoặc mã | nhãn | tiếng Anh."),
    ),
    Property("catalogue", _("Hoặc lấy từ danh mục"), only=CHOICES, help=_("Mã của danh mục dùng chung.")),
    Property("unit", _("Đơn vị tính"), only=NUMBERS | {"computed"}),
    Property("min", _("Nhỏ nhất"), "bound", only=NUMBERS | {"date"}, help=_("Với ngày, có thể ghi today.")),
    Property("max", _("Lớn nhất"), "bound", only=NUMBERS | {"date"}),
    Property("decimals", _("Số chữ số sau dấu phẩy"), "integer", only=frozenset({"number", "computed"})),
    Property("max_length", _("Nhiều nhất bao nhiêu ký tự"), "integer", only=TEXTS),
    Property(
        "level",
        _("Cấp"),
        "choice",
        choices=(("commune", _("Xã, phường")), ("district", _("Huyện (danh sách nối tiếp)"))),
        only=frozenset({"admin_unit"}),
    ),
    Property("accept", _("Loại tệp nhận"), "listed", only=FILE, help=_("Ví dụ: application/pdf, image/jpeg")),
    Property("max_mb", _("Dung lượng tối đa (MB)"), "number", only=FILE),
    Property("max_files", _("Nhiều nhất bao nhiêu tệp"), "integer", only=FILE),
    Property("item_label", _("Tên mỗi dòng"), only=REPEAT, help=_("Ví dụ: Giếng (hiện thành Giếng 1, Giếng 2 …)")),
    Property("min_items", _("Ít nhất mấy dòng"), "integer", only=REPEAT),
    Property("max_items", _("Nhiều nhất mấy dòng"), "integer", only=REPEAT),
    Property(
        "sum",
        _("Tổng của"),
        "one_or_listed",
        only=frozenset({"computed"}),
        help=_("Đường dẫn các mục, cách nhau bằng dấu phẩy. Ví dụ: wells.*.flow"),
    ),
    Property("product", _("Hoặc tích của"), "listed", only=frozenset({"computed"})),
    Property("of", _("Tra cứu ở đâu"), "choice", choices="asked", only=LOOKUP, needed=True),
    Property("own", _("Cho chọn từ những gì đứng tên người nộp"), "boolean", only=LOOKUP, default=True),
    Property("given", _("Tra bằng những mục nào"), "names", choices="given", only=LOOKUP, help=_("Mỗi ô là một điều nơi tra cứu hỏi.")),
    Property("fills", _("Điền giúp vào những mục nào"), "names", choices="fills", only=LOOKUP, help=_("Người nộp bấm nút mới điền.")),
    Property("over", _("Vẽ trên kết quả của mục tra cứu"), "choice", choices="lookups", only=LINE, empty=_("(vẽ tự do)")),
    Property("parts", _("Diện tích các phần ghi ở"), "choice", choices="areas", only=LINE, empty=_("(không ghi)")),
    Property("when", _("Chỉ hiện khi"), "condition"),
    Property("prefill", _("Điền sẵn từ"), "choice", choices="prefills", only=ANSWERED, empty=_("(không điền sẵn)")),
    Property("pattern", _("Mẫu phải khớp (biểu thức chính quy)"), only=TEXTS, group="more"),
    Property("pattern_message", _("Câu báo khi không khớp mẫu"), only=TEXTS, group="more"),
    SOURCE,
    Property("key", _("Mã"), group="more", help=_("Để trống thì hệ thống đặt theo nhãn. Điều kiện và văn bản kết quả dùng mã này.")),
    Property("label_en", _("Nhãn (tiếng Anh)"), group="en"),
    Property("help_en", _("Hướng dẫn (tiếng Anh)"), "long", group="en"),
    Property("unit_en", _("Đơn vị tính (tiếng Anh)"), only=NUMBERS, group="en"),
)

HANDLED = frozenset({"task", "consultation", "subprocess"})
ACTED = frozenset({"task", "consultation"})
STEP_KINDS = tuple((kind, _(KINDS[kind])) for kind in ("task", "consultation", "choice", "service", "subprocess", "end"))
STEP = (
    Property("title", _("Tên bước"), needed=True),
    Property("role", _("Vai trò thực hiện"), "choice", choices=tuple((key, _(name)) for key, name in ROLES.items()), only=HANDLED),
    Property("unit", _("Đơn vị thực hiện"), "choice", choices="actors", only=HANDLED, empty=_("(người nộp hồ sơ)")),
    Property("limit.amount", _("Thời hạn của bước"), "integer", only=HANDLED),
    Property("limit.unit", _("Tính bằng"), "choice", choices=tuple((key, _(name)) for key, name in LIMIT_UNITS.items()), only=HANDLED),
    Property(
        "clock", _("Đồng hồ của hồ sơ"), "choice", choices=(("stop", _("Dừng trong lúc chờ bước này")),), only=HANDLED, empty=_("Chạy")
    ),
    Property("requires", _("Chỉ làm được khi"), "many", choices=tuple((key, _(name)) for key, name in REQUIREMENTS.items()), only=HANDLED),
    Property(
        "assignment", _("Giao cho"), "choice", choices="earlier_steps", only=ACTED, empty=_("người của đơn vị nhận việc"), group="more"
    ),
    Property("late", _("Khi quá hạn mà chưa trả lời"), "choice", choices="late_answers", only=frozenset({"consultation"}), empty=_("Chờ")),
    Property(
        "service",
        _("Việc tự động"),
        "choice",
        choices=tuple((key, SERVICE_NAMES.get(key, key)) for key in sorted(SERVICES)),
        only=frozenset({"service"}),
        needed=True,
    ),
    Property("flow", _("Quy trình con"), "choice", choices="flows", only=frozenset({"subprocess"})),
    Property(
        "outcome",
        _("Hồ sơ kết thúc với"),
        "choice",
        choices=tuple((key, _(name)) for key, name in OUTCOMES.items()),
        only=frozenset({"end"}),
        needed=True,
    ),
    Property("help", _("Hướng dẫn cho người xử lý"), "long", group="more"),
    Property("limit.source", _("Căn cứ của thời hạn"), "choice", choices="sources", only=HANDLED, group="more", empty=_("(không ghi)")),
    SOURCE,
    Property("title_en", _("Tên bước (tiếng Anh)"), group="en"),
)

WAY = (
    Property(
        "title", _("Tên hành động"), help=_("Chữ trên nút bấm, ví dụ “Trình trưởng phòng”. Đường đi của bước rẽ nhánh không cần tên.")
    ),
    Property("when", _("Chỉ đi khi"), "condition", help=_("Ở bước rẽ nhánh, đường không có điều kiện là “trường hợp còn lại”.")),
    Property("effect", _("Tác động lên hồ sơ"), "choice", choices=EFFECTS, empty=_("(không)")),
    Property(
        "comment",
        _("Lý do"),
        "choice",
        choices=(("required", _("Bắt buộc ghi lý do")), ("optional", _("Được ghi thêm"))),
        empty=_("Không hỏi"),
    ),
    Property("returns", _("Là đường trả lại bước trước"), "boolean", default=False),
    Property("batch", _("Được làm cho nhiều hồ sơ cùng lúc"), "boolean", default=False),
    SOURCE,
    Property("title_en", _("Tên hành động (tiếng Anh)"), group="en"),
)

FEES = (
    Property("hit", _("Cách áp dụng"), "choice", choices=HITS, needed=True),
    Property("due", _("Lúc phải nộp"), "choice", choices=DUES, needed=True),
)
ROUTING = (Property("hit", _("Cách áp dụng"), "choice", choices=HITS, needed=True),)
DATES = (
    Property("valid_from", _("Áp dụng từ ngày"), "date", group="more"),
    Property("valid_to", _("Áp dụng đến hết ngày"), "date", group="more"),
)
FEE = (
    Property("then.title", _("Tên khoản thu"), "long", needed=True),
    Property("then.amount", _("Số tiền"), "money", needed=True, help=_("Đồng, ví dụ 1.400.000.")),
    Property("when", _("Thu khi"), "condition"),
    Property("then.kind", _("Loại"), "choice", choices=FEE_KINDS, needed=True),
    Property("then.times", _("Nhân với"), "choice", choices="numbers", empty=_("(không nhân)")),
    Property("source", _("Căn cứ"), "choice", choices="sources", empty=_("(không ghi)")),
    *DATES,
    Property("then.due", _("Lúc phải nộp, nếu khác cả bảng"), "choice", choices=DUES, group="more", empty=_("(như cả bảng)")),
    Property("then.code", _("Mã khoản thu"), group="more", help=_("Để trống thì hệ thống đặt theo tên.")),
    Property("then.title_en", _("Tên khoản thu (tiếng Anh)"), "long", group="en"),
)
ROUTE = (
    Property("then.division", _("Giao cho phòng, đơn vị"), "choice", choices="units", needed=True),
    Property("when", _("Khi"), "condition"),
    Property("then.authority", _("Cơ quan ký"), "choice", choices="units", group="more", empty=_("(không đổi)")),
    Property("source", _("Căn cứ"), "choice", choices="sources", empty=_("(không ghi)")),
    *DATES,
)

OUTCOME = (
    Property("title", _("Tên kết quả"), needed=True),
    Property("kind", _("Loại kết quả"), "choice", choices=OUTCOME_KINDS, needed=True),
    Property("template", _("Mẫu in"), "choice", choices=LAYOUTS, empty=_("Văn bản chung")),
    Property("number", _("Cách đánh số"), help=_("Ví dụ {number}/GP-UBND. Để trống thì theo chữ viết tắt của cơ quan ký.")),
    Property("validity.amount", _("Hiệu lực"), "integer", help=_("Để trống nếu không thời hạn.")),
    Property("validity.unit", _("Tính bằng"), "choice", choices=TERMS),
    Property(
        "validity.amount_from",
        _("Hoặc theo mục của tờ khai"),
        "choice",
        choices="numbers",
        empty=_("(không)"),
        help=_("Khi đó số trên là mức nhiều nhất."),
    ),
    Property(
        "body",
        _("Nội dung in"),
        "lines",
        help=_("Mỗi dòng một đoạn; “Điều 1.” mở một điều. Dùng {answers.mã}, {task.bước.mã}, {owner.name}, {agency.name}, {dossier.code}."),
    ),
    Property("fields", _("Sổ giấy phép lưu"), "pairs", help=_("Mỗi dòng: tên = nội dung, ví dụ flow = {answers.flow}"), group="more"),
    Property("geometry", _("Vị trí của giấy phép"), "choice", choices="places", empty=_("(không)"), group="more"),
    Property("permit_type", _("Loại giấy phép trong sổ"), group="more"),
    Property(
        "signed_by",
        _("Ai ký"),
        "choice",
        choices=(("authority", _("Cơ quan có thẩm quyền")), ("agency", _("Cơ quan giải quyết"))),
        group="more",
        empty=_("(cơ quan có thẩm quyền)"),
    ),
    Property("validity.source", _("Căn cứ của thời hạn hiệu lực"), "choice", choices="sources", group="more", empty=_("(không ghi)")),
    Property("refusal.title", _("Văn bản từ chối: tên")),
    Property("refusal.number", _("Văn bản từ chối: cách đánh số")),
    Property("refusal.body", _("Văn bản từ chối: nội dung"), "lines"),
    Property("title_en", _("Tên kết quả (tiếng Anh)"), group="en"),
    Property("refusal.title_en", _("Văn bản từ chối: tên (tiếng Anh)"), group="en"),
)
