from django.apps import AppConfig


class AreasConfig(AppConfig):
    name = "sonha.sectors.areas"
    label = "areas"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from sonha.registry.pages.links import DatabasePage, register_page
        from sonha.registry.quality import areas as quality_areas
        from sonha.sectors.areas import exports, registers  # noqa: F401
        from sonha.sectors.areas.models import Commune

        quality_areas.register(Commune)
        about = _("Đơn vị hành chính cấp xã đã sắp xếp lại: trở thành đơn vị nào, từ ngày nào, theo văn bản nào; và ngược lại.")
        register_page(registers.AREAS.code, DatabasePage(_("Xã cũ nay thuộc đâu"), about, "areas:table"))
