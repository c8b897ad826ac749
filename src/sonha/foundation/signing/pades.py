"""Sign a PDF: PAdES B-T (signature plus a trusted time), visible stamp, several signatures one after another."""

from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps import TimeStamper

from sonha.foundation.signing import stamps
from sonha.foundation.signing.event_loop import outside_event_loop
from sonha.foundation.signing.signers import Signer, SigningFailed
from sonha.foundation.signing.timestamps import timestamper

# Fixed room for signature, chain and time stamp (about 10 kB of 16): sparing the dry run halves the time.
BYTES_RESERVED = 32_768
MARGIN_POINTS = 48.0


@dataclass(frozen=True)
class Box:
    """A rectangle on a page in PDF points, origin at the lower left corner."""

    left: float
    bottom: float
    width: float
    height: float

    def corners(self) -> tuple[float, float, float, float]:
        return self.left, self.bottom, self.left + self.width, self.bottom + self.height


def _named_places(reader: PdfFileReader) -> dict[str, Any]:
    """Named destinations of the document, from either of the two places a PDF keeps them (a flat tree, as our writers
    make it).
    """
    root, places = reader.root, {}
    flat = root.get("/Names", {}).get("/Dests", {}).get("/Names", [])
    for index in range(0, len(flat) - 1, 2):
        places[str(flat[index])] = flat[index + 1]
    if "/Dests" in root:
        places.update({str(name).lstrip("/"): root["/Dests"][name] for name in root["/Dests"]})
    return places


def place_names(pdf: bytes) -> frozenset[str]:
    """Names of the places of a PDF, where `sign_pdf(position=…)` can put a stamp; none for a file that cannot be read."""
    try:
        return frozenset(_named_places(PdfFileReader(BytesIO(pdf))))
    except (PdfError, KeyError, IndexError):
        return frozenset()


def _page_of(reader: PdfFileReader, reference: Any) -> int | None:
    for number in range(int(reader.root["/Pages"]["/Count"])):
        if reader.find_page_for_modification(number)[0].reference == reference:
            return number
    return None


def _at_place(reader: PdfFileReader, name: str, kind: stamps.Kind) -> tuple[int, Box] | None:
    target = _named_places(reader).get(name)
    if target is None:
        return None
    target = target["/D"] if hasattr(target, "keys") else target
    if len(target) < 4 or target[1] != "/XYZ":
        return None
    page = _page_of(reader, target.raw_get(0).reference)
    if page is None:
        return None
    width, height = stamps.size_points(kind)
    return page, Box(float(target[2]), float(target[3]) - height, width, height)


def _beside_signature(reader: PdfFileReader) -> tuple[int, Box] | None:
    """The seal's place beside a personal signature whose place alone is named: a third of the seal overlaps it."""
    found = _at_place(reader, "signature", "person")
    if found is None:
        return None
    width, height = stamps.size_points("seal")
    page, block = found
    return page, Box(block.left - width * 2 / 3, block.bottom + block.height / 2 - height / 2, width, height)


def _default_box(reader: PdfFileReader, page: int, kind: stamps.Kind) -> Box:
    """Lower right corner of the page; the seal overlaps the left third of the personal block."""
    media = reader.find_page_for_modification(page)[0].get_object()
    while "/MediaBox" not in media:
        media = media["/Parent"]
    right, bottom = float(media["/MediaBox"][2]), float(media["/MediaBox"][1])
    width, height = stamps.size_points(kind)
    block = stamps.size_points("person")[0]
    left = right - MARGIN_POINTS - block - (width * 2 / 3 if kind == "seal" else 0)
    return Box(left, bottom + MARGIN_POINTS * 1.5, width, height)


def _place(reader: PdfFileReader, kind: stamps.Kind, page: int, position: str | Box | None) -> tuple[int, Box]:
    count = int(reader.root["/Pages"]["/Count"])
    number = page if page >= 0 else count + page
    if not 0 <= number < count:
        raise SigningFailed(f"Văn bản có {count} trang, không có trang thứ {page + 1 if page >= 0 else page}.")
    if isinstance(position, Box):
        return number, position
    found = _at_place(reader, position or ("seal" if kind == "seal" else "signature"), kind)
    if found is None and position is None and kind == "seal":
        found = _beside_signature(reader)
    if found is None and position is not None:
        raise SigningFailed(f"Văn bản không có vị trí ký mang tên “{position}”.")
    return found or (number, _default_box(reader, number, kind))


def sign_pdf(
    pdf: bytes,
    signer: Signer,
    *,
    reason: str,
    location: str,
    field_name: str,
    stamp: stamps.StampContext | None,
    page: int = -1,
    position: str | Box | None = None,
    time_source: TimeStamper | None = None,
) -> bytes:
    """The document with one more signature (incremental: earlier signatures stay valid).

    `stamp` None makes the signature invisible. `position`: a Box on `page` (0 = first, -1 = last), or the name of a
    place in the document; papers of `rendering` name theirs `signature` and `seal`, which are found by themselves.
    Raises SigningFailed with what to do.
    """
    try:
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        if writer.prev.encrypted:
            raise SigningFailed("Văn bản có đặt mật khẩu nên không ký được.")
        if any(name == field_name for name, _, _ in fields.enumerate_sig_fields(writer.prev)):
            raise SigningFailed(f"Văn bản đã có chữ ký mang tên “{field_name}”.")
        spec = fields.SigFieldSpec(field_name)
        if stamp is not None:
            number, box = _place(writer.prev, stamp.kind, page, position)
            spec = fields.SigFieldSpec(field_name, on_page=number, box=tuple(round(edge) for edge in box.corners()))  # type: ignore[arg-type]
        metadata = PdfSignatureMetadata(
            field_name=field_name,
            reason=reason,
            location=location,
            name=stamp.name if stamp else None,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
        )
        with signer.open() as opened, stamps.style(stamp) if stamp else nullcontext() as look:
            pdf_signer = PdfSigner(metadata, opened, timestamper=time_source or timestamper(), stamp_style=look, new_field_spec=spec)
            signed = outside_event_loop(partial(pdf_signer.sign_pdf, writer, bytes_reserved=BYTES_RESERVED))
    except (PdfError, SigningError, KeyError, IndexError) as error:
        raise SigningFailed(f"Không ký được văn bản: {error}") from error
    return bytes(signed.getvalue())
