"""The pictures of the documentation: which pages, as whom, and what is said below them. One list for docs/pictures and the manuals."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from sonha.channels.story.stage import DESK, PHONE, Stage

MOST_BYTES = 120_000
QUALITIES = (82, 70, 58, 45, 30)  # of WebP; the first that is small enough
LONGEST = {DESK: DESK[1], PHONE: PHONE[1]}  # pixels of height: what one sees at once
SEEN = "try { localStorage.setItem('tours', 'all'); } catch { /* nothing kept, nothing offered */ }"


@dataclass(frozen=True)
class Shot:
    """One page: file name, what is said below it, who looks (nobody signed in when empty), where, and what to press from there."""

    name: str
    title: str
    who: str
    address: str
    presses: tuple[str, ...] = ()  # links or buttons followed one after the other
    at: str = ""  # the element at the top of the picture


ROW = 'a[href^="/can-bo/ho-so/H"]'
RECORD = "main table tbody th a, main table tbody td a"
PARCELS = "/ban-do/#map=17/21.9214/106.3662&layers=communes,river_reaches,parcels"
POLLUTION = "/can-bo/su-co-o-nhiem/?noi-dung=Nước sông Kỳ Cùng đổi màu, có mùi hôi ở phường Kỳ Lừa"
SHOTS: dict[str, tuple[Shot, ...]] = {
    "Người dân, doanh nghiệp": (
        Shot("home", "Trang chủ: tìm thủ tục bằng lời của mình", "", "/"),
        Shot("procedures", "Danh mục thủ tục", "", "/thu-tuc/?q=khoan+gieng"),
        Shot("procedure", "Một thủ tục: giấy tờ, thời hạn, phí, các bước", "", "/thu-tuc/860/"),
        Shot("checklist", "Danh sách cần chuẩn bị trước khi nộp", "", "/thu-tuc/860/can-chuan-bi/"),
        Shot("login", "Đăng nhập", "", "/tai-khoan/login/"),
        Shot("filing", "Nộp hồ sơ: mỗi trang một nhóm câu hỏi", "congdan", "/thu-tuc/858/nop/", ("main form .btn-primary",)),
        Shot("my-dossiers", "Hồ sơ của tôi", "congdan", "/ho-so-cua-toi/"),
        Shot("my-dossier", "Một hồ sơ: đang ở đâu, còn việc gì", "congdan", "/ho-so-cua-toi/", ('main a[href^="/ho-so-cua-toi/H"]',)),
        Shot("track", "Tra cứu bằng mã hồ sơ", "", "/tra-cuu/"),
        Shot("document-check", "Kiểm tra văn bản ký số", "", "/kiem-tra/"),
        Shot("notifications", "Thông báo", "congdan", "/thong-bao/"),
        Shot("account", "Tài khoản và bảo mật", "congdan", "/tai-khoan/"),
        Shot("proxies", "Uỷ quyền nộp hồ sơ", "congdan", "/tai-khoan/uy-quyen/"),
        Shot("help", "Trợ giúp", "", "/tro-giup/"),
    ),
    "Cán bộ, lãnh đạo": (
        Shot("work", "Việc của tôi: xếp theo hạn", "chuyenvien", "/can-bo/"),
        Shot("desk", "Việc của bộ phận một cửa", "motcua", "/can-bo/"),
        Shot("reception", "Tiếp nhận một hồ sơ", "motcua", "/can-bo/", (ROW,)),
        Shot("dossiers", "Hồ sơ: tìm, lọc, xuất", "chuyenvien", "/can-bo/ho-so/"),
        Shot("dossier", "Xử lý một hồ sơ", "chuyenvien", "/can-bo/", (ROW,)),
        Shot("head-work", "Việc của phòng", "truongphong", "/can-bo/don-vi/"),
        Shot("leader-work", "Việc của lãnh đạo", "chutich", "/can-bo/"),
        Shot("clerk-work", "Việc của văn thư", "vanthu", "/can-bo/"),
        Shot("board", "Tình hình giải quyết", "lanhdao", "/can-bo/tinh-hinh/"),
        Shot("permits", "Sổ giấy phép", "chuyenvien", "/can-bo/giay-phep/"),
        Shot("permit", "Một giấy phép", "chuyenvien", "/can-bo/giay-phep/", ('main a[href^="/can-bo/giay-phep/"]:not([href*="?"])',)),
        Shot("register", "Sổ theo dõi hồ sơ", "motcua", "/can-bo/so-theo-doi/"),
        Shot("leave", "Nghỉ phép, người thay", "chuyenvien", "/tai-khoan/nghi-phep/"),
        Shot("calendar", "Lịch làm việc", "", "/lich-lam-viec/"),
    ),
    "Cơ sở dữ liệu, bản đồ": (
        Shot("databases", "Các cơ sở dữ liệu chuyên ngành", "", "/csdl/"),
        Shot("parcels", "Một sổ: tìm, lọc, xuất", "chuyenvien", "/csdl/thua-dat/"),
        Shot("parcel", "Một bản ghi", "chuyenvien", "/csdl/thua-dat/", (RECORD,)),
        Shot("parcel-history", "Lịch sử của một bản ghi", "chuyenvien", "/csdl/thua-dat/", (RECORD, 'main a[href$="/lich-su/"]')),
        Shot("statistics", "Thống kê của một sổ", "chuyenvien", "/csdl/thua-dat/thong-ke/"),
        Shot("data-faults", "Lỗi dữ liệu theo quy tắc chất lượng", "chuyenvien", "/csdl/gieng/chat-luong/"),
        Shot("import", "Nhập tệp vào một sổ", "chuyenvien", "/csdl/gieng/nhap/"),
        Shot("map", "Bản đồ của tỉnh", "", "/ban-do/"),
        Shot("map-parcels", "Thửa đất trên bản đồ", "chuyenvien", PARCELS),
        Shot("pollution", "Sự cố ô nhiễm: những gì nằm trên và dưới dòng", "chuyenvien", POLLUTION),
        Shot("open-data", "Dữ liệu mở", "", "/du-lieu-mo/"),
        Shot("metadata", "Siêu dữ liệu", "", "/sieu-du-lieu/"),
        Shot("grants", "Quyền trên các sổ", "quantri", "/quan-tri/quyen-so/"),
    ),
    "Quản trị, kiểm toán": (
        Shot("administration", "Quản trị", "quantri", "/quan-tri/"),
        Shot("accounts", "Tài khoản", "quantri", "/quan-tri/nguoi-dung/"),
        Shot("units", "Cơ quan, đơn vị", "quantri", "/quan-tri/nguoi-dung/don-vi/"),
        Shot("catalogues", "Danh mục dùng chung", "quantri", "/quan-tri/danh-muc/"),
        Shot("procedure-list", "Thủ tục và quy trình", "quantri", "/quan-tri/thu-tuc/"),
        Shot("procedure-card", "Các phiên bản của một thủ tục", "quantri", "/quan-tri/thu-tuc/860/"),
        Shot("procedure-version", "Một phiên bản: khai báo và sơ đồ", "quantri", "/quan-tri/thu-tuc/860/phien-ban/1/"),
        Shot("quality", "Chất lượng dữ liệu danh mục", "quantri", "/quan-tri/thu-tuc/chat-luong/"),
        Shot("reconciliation", "Đối soát thanh toán", "kiemtoan", "/thanh-toan/doi-soat/"),
        Shot("audit", "Nhật ký", "kiemtoan", "/nhat-ky/"),
    ),
}
"""The pages by who uses them, in the order of the gallery."""


def names() -> set[str]:
    """Every file of the gallery, without its folder: `home-390.webp`."""
    return {f"{shot.name}-{width}.webp" for shots in SHOTS.values() for shot in shots for width in (DESK[0], PHONE[0])}


def take(stage: Stage, folder: Path) -> Iterator[Path]:
    """Takes every picture, on a desk and on a telephone, light; yields the files."""
    for shot in (shot for shots in SHOTS.values() for shot in shots):
        page = _page(stage, shot.who)
        page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
        page.goto(shot.address)
        for press in shot.presses:
            page.locator(press).first.click()
            page.wait_for_load_state()
        for size in (DESK, PHONE):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            page.wait_for_load_state("networkidle")
            path = folder / f"{shot.name}-{size[0]}.webp"
            path.write_bytes(_small(_seen(page, size)))
            yield path


def gallery() -> str:
    """The page of all pictures, in Markdown."""
    lines = [
        "# Các trang của Sơn Hà / The pages of Sơn Hà",
        "",
        "Ảnh chụp bản trình diễn, nền sáng, rộng 1440 và 390 px, bằng lệnh `./sonha manage pictures` khi hệ thống đang chạy.",
        "Taken from the running demonstration by `./sonha manage pictures`, light theme, 1440 and 390 px wide.",
    ]
    for title, shots in SHOTS.items():
        lines += ["", f"## {title}"]
        for shot in shots:
            who = f"`{shot.who}`, " if shot.who else ""
            wide, narrow = (f"{shot.name}-{size[0]}.webp" for size in (DESK, PHONE))
            lines += ["", f"### {shot.title}", "", f"{who}`{shot.address}`", "", "| 1440 px | 390 px |", "|---|---|"]
            lines += [f'| <img src="{wide}" alt="{shot.title}" width="640"> | <img src="{narrow}" alt="{shot.title}" width="200"> |']
    return "\n".join(lines) + "\n"


def _page(stage: Stage, who: str) -> Page:
    known = len(stage.browser.contexts)
    page = stage.as_(who, DESK) if who else stage.visitor("", DESK)
    if len(stage.browser.contexts) > known:
        page.add_init_script(SEEN)
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return page


def _seen(page: Page, size: tuple[int, int]) -> bytes:
    """The page from its top, as far down as a picture may be long."""
    width = size[0]
    height = min(max(page.evaluate("document.documentElement.scrollHeight"), 500), LONGEST[size])
    return page.screenshot(clip={"x": 0, "y": 0, "width": width, "height": height}, full_page=True, animations="disabled")


def _small(png: bytes) -> bytes:
    """As WebP, in the best quality that stays below the size of a picture."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    made = b""
    for quality in QUALITIES:
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=quality, method=6)
        made = out.getvalue()
        if len(made) < MOST_BYTES:
            break
    return made
