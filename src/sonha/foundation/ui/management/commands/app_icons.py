"""Draws the icons of the installed app from the mark (ui/mark.svg): `./sonha manage app_icons` after the mark changed."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from weasyprint import HTML

from sonha.foundation.rendering.pictures import page_png

STATIC = Path(__file__).resolve().parents[2] / "static/ui"
GROUND = "#faf8f3"
ICONS = {"icon-192.png": (192, 0.84), "icon-512.png": (512, 0.84), "icon-maskable-512.png": (512, 0.6), "apple-touch-icon.png": (180, 0.78)}


class Command(BaseCommand):
    help = "Vẽ biểu tượng của ứng dụng từ dấu hiệu của trang (cần pdftoppm) / draws the app's icons from the mark"

    def handle(self, *args: Any, **options: Any) -> None:
        mark = (STATIC / "mark.svg").read_text(encoding="utf-8")
        for name, (pixels, share) in ICONS.items():
            picture = page_png(sheet(mark, share), 1, dpi=pixels)
            if picture is None:
                raise CommandError("Thiếu chương trình pdftoppm (gói poppler-utils).")
            (STATIC / "icons" / name).write_bytes(picture)
            self.stdout.write(f"{name}: {len(picture)} byte")


def sheet(mark: str, share: float) -> bytes:
    """One inch square with the mark in the middle, `share` of its width: drawn at N dots per inch it is N pixels wide."""
    edge = (1 - share) / 2
    style = f"@page{{size:1in 1in;margin:0}}body{{margin:0;width:1in;height:1in;background:{GROUND}}}"
    place = f"position:absolute;left:{edge}in;top:{edge}in;width:{share}in;height:{share}in"
    return bytes(HTML(string=f'<style>{style}</style><body><div style="{place}">{mark}</div></body>').write_pdf())
