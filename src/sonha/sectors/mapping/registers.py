"""The database of surveying activity - CSDL quản lý hoạt động đo đạc và bản đồ (S02), declared."""

from django.utils.translation import gettext_lazy as _

from sonha.registry.declarations import Database, Layer, Look, Register, Statistic, declare
from sonha.sectors.licences import LICENCE_COMPUTED

from . import models
from . import rules as checks

SURVEYING = Database("surveying", "do-dac-ban-do", _("CSDL quản lý hoạt động đo đạc và bản đồ"), system="S02", owner="SNNMT.DDBD", order=2)
LAW = "Luật Đo đạc và bản đồ số 27/2018/QH14; Nghị định số 27/2019/NĐ-CP, được sửa đổi bởi Nghị định số 136/2021/NĐ-CP"


@declare
class SurveyingOrganisations(Register):
    code, slug, database, model, order = "surveying_organisations", "to-chuc-do-dac", SURVEYING, models.SurveyingOrganisation, 10
    title = _("Tổ chức đo đạc và bản đồ")
    description = _("Tổ chức hoạt động đo đạc và bản đồ: loại hình, người phụ trách kỹ thuật, nhân lực, thiết bị.")
    source = LAW
    identity, name, numbers, holder = ("code",), "name", ("code",), "party"
    columns = ("code", "name", "form", "address", "chief_name", "staff")
    filters, sorts, units = ("form",), ("code", "name", "staff"), {"staff": "người"}
    personal = frozenset({"chief_name"})
    layers = (Layer(Look(fill="#2f6f4f", stroke="#ffffff", width=1.2, symbol="square", size=9), label="name", label_smallest=50_000),)
    rules = checks.ORGANISATIONS
    statistics = (Statistic(_("Theo loại hình"), by=("form",), sums=("staff",)),)
    public, open_fields = True, ("code", "name", "form", "address", "geometry")


@declare
class SurveyingLicences(Register):
    code, slug, database, model, order = "surveying_licences", "giay-phep-do-dac", SURVEYING, models.SurveyingLicence, 20
    title = _("Giấy phép hoạt động đo đạc và bản đồ")
    description = _("Giấy phép đã cấp, cấp bổ sung, cấp lại, với danh mục hoạt động.")
    source = LAW
    identity, name, numbers, holder = ("number", "issued_on"), "number", ("number", "dossier_code"), "holder"
    columns = ("number", "issued_on", "expires_on", "holder_name", "state")
    filters, sorts = ("state",), ("number", "issued_on", "expires_on")
    computed = LICENCE_COMPUTED
    rules = checks.LICENCES
    statistics = (Statistic(_("Theo tình trạng"), by=("state",)),)
    public, open_fields = True, ("number", "issued_on", "expires_on", "holder_name", "activities", "state")


@declare
class PracticeCertificates(Register):
    code, slug, database, model, order = "practice_certificates", "chung-chi-hanh-nghe-do-dac", SURVEYING, models.PracticeCertificate, 30
    title = _("Chứng chỉ hành nghề đo đạc và bản đồ")
    description = _("Chứng chỉ hành nghề hạng I, hạng II với nội dung và thời hạn.")
    source = LAW
    identity, name, numbers, holder = ("number",), "number", ("number",), "person"
    columns = ("number", "person_name", "certificate_class", "content", "issued_on", "expires_on", "state")
    filters, sorts = ("certificate_class", "state"), ("number", "issued_on", "expires_on")
    personal = frozenset({"person", "person_name"})
    rules = checks.CERTIFICATES
    statistics = (Statistic(_("Theo hạng và tình trạng"), by=("certificate_class", "state")),)


@declare
class SurveyMarks(Register):
    code, slug, database, model, order = "survey_marks", "moc-do-dac", SURVEYING, models.SurveyMark, 40
    title = _("Mốc đo đạc")
    description = _(
        "Mốc toạ độ, độ cao, trọng lực, điểm địa chính và tình trạng của mốc. Mốc quốc gia là thông tin mật, chỉ hiện theo phân quyền."
    )
    source = (
        f"{LAW}; độ mật của toạ độ mốc quốc gia: danh mục bí mật nhà nước thuộc lĩnh vực tài nguyên và môi trường "
        "(Quyết định số 1660/QĐ-TTg năm 2021, giả định, tỉnh phải đối chiếu)"
    )
    identity, name, numbers = ("number",), "number", ("number",)
    columns = ("number", "name", "kind", "grade", "state", "checked_on", "keeper")
    filters, sorts, units = ("kind", "grade", "state"), ("number", "checked_on"), {"height": "m"}
    secret = frozenset({"height"})
    layers = (
        Layer(
            Look(fill="#ffffff", stroke="#3a3a3a", width=1.4, symbol="triangle", size=10),
            by="state",
            looks={
                "good": Look(fill="#ffffff", stroke="#1f6f3f", width=1.6, symbol="triangle", size=10),
                "damaged": Look(fill="#e0a030", stroke="#7a5a10", width=1.4, symbol="triangle", size=10),
                "lost": Look(fill="#b3261e", stroke="#7a1a14", width=1.4, symbol="cross", size=10),
                "moved": Look(fill="#9a9a9a", stroke="#5a5a5a", width=1.4, symbol="triangle", size=10),
            },
            label="number",
            label_smallest=25_000,
            smallest=500_000,
        ),
    )
    rules = checks.MARKS
    statistics = (
        Statistic(_("Theo loại và cấp, hạng"), by=("kind", "grade")),
        Statistic(_("Theo tình trạng"), by=("state",)),
    )
    public, open_fields = True, ("number", "kind", "grade", "state", "geometry")


@declare
class DataRequests(Register):
    code, slug, database, model, order = "survey_data_requests", "cung-cap-du-lieu-do-dac", SURVEYING, models.DataRequest, 50
    title = _("Cung cấp dữ liệu đo đạc và bản đồ")
    description = _("Dữ liệu đã cung cấp: bên nhận, mục đích, danh mục, độ mật.")
    source = f"{LAW}; Thông tư số 48/2015/TT-BTNMT, Nghị định số 73/2017/NĐ-CP"
    identity, name, numbers, holder = ("code",), "code", ("code",), "requester"
    columns = ("code", "supplied_on", "requester_name", "purpose", "kinds", "points", "sheets")
    filters, sorts, units = ("purpose",), ("code", "supplied_on"), {"points": "điểm", "sheets": "mảnh"}
    personal = frozenset({"requester", "requester_name"})
    code_lists = {"secrecy": "do-mat"}
    layers = (Layer(Look(fill="#4a6fa5", opacity=0.15, stroke="#2f4f85", width=1, dash=(3, 3)), geometry="area"),)
    rules = checks.REQUESTS
    statistics = (Statistic(_("Theo mục đích"), by=("purpose",), sums=("points", "sheets")),)
