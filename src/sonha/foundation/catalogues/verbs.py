"""What the audit log says of catalogues."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from sonha.foundation.audit.verbs import register

register("catalogue.loaded", _("{actor} nạp danh mục: {added} mục mới, {changed} mục sửa"), added=int, changed=int)
register("catalogue.item_added", _("{actor} thêm mục {item} vào danh mục, từ {valid_from}"), item=str, valid_from=date | None)
register("catalogue.item_changed", _("{actor} sửa mục {item} của danh mục"), item=str)
register("catalogue.changed", _("{actor} sửa thông tin danh mục {catalogue}"), catalogue=str)
register("catalogue.item_ended", _("{actor} kết thúc mục {item}, hết ngày {valid_to}"), item=str, valid_to=date)
