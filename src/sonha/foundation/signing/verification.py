"""Check the signatures of a PDF and say in plain words what was found. Pure: no Django settings, no database, no
network.

Trust is given: roots, intermediates, revocation lists. A signature counts at the time its trusted time stamp proves (so
that it outlives its certificate); without one, at the time of checking. Sentences are message ids in Vietnamese,
translated where they are shown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from django.utils.translation import gettext
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from sonha.foundation.signing.event_loop import outside_event_loop

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
MAX_SIGNATURES = 50
TEST_WORD = "THỬ NGHIỆM"


def gettext_noop(text: str) -> str:
    """Marks a sentence for translation. Django's own asks the settings, which the child process does not have."""
    return text


@dataclass(frozen=True)
class Note:
    """One sentence: a message id and its values; `str(note)` is the sentence in the reader's language."""

    text: str
    values: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return gettext(self.text) % dict(self.values) if self.values else gettext(self.text)


@dataclass(frozen=True)
class Trust:
    """Whom to believe: roots, intermediate `certificates`, revocation lists, each DER.

    Where a list of the signer's issuer is given, every certificate of the path must be covered by a current list; where
    none is, the report says that revocation could not be checked.
    """

    roots: tuple[bytes, ...]
    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()

    def lists_issuer_of(self, certificate: asn1_x509.Certificate) -> bool:
        """Whether there is a revocation list by the issuer of `certificate`."""
        issuers = (asn1_crl.CertificateList.load(one).issuer for one in self.crls)
        return any(issuer == certificate.issuer for issuer in issuers)

    def context(self, moment: datetime, *, strict: bool) -> ValidationContext:
        """Rules for pyHanko at `moment`.

        `strict` demands revocation lists (its soft mode reads no list that a certificate does not name).
        """
        return ValidationContext(
            trust_roots=[asn1_x509.Certificate.load(one) for one in self.roots],
            other_certs=[asn1_x509.Certificate.load(one) for one in self.certificates],
            crls=[asn1_crl.CertificateList.load(one) for one in self.crls],
            moment=moment,
            # Lists are published after the signing time they speak about.
            retroactive_revinfo=True,
            allow_fetching=False,
            revocation_mode="require" if strict else "soft-fail",
        )


@dataclass(frozen=True)
class SignatureReport:
    """What is known of one signature.

    `modification_level`: none, extended (more signatures or time stamps only), changed.
    """

    field_name: str
    signer_name: str
    position: str = ""
    unit: str = ""
    reason: str = ""
    issuer: str = ""
    serial: str = ""
    signed_at: datetime | None = None
    timestamp_at: datetime | None = None
    intact: bool = False
    trusted: bool = False
    revoked: bool = False
    test: bool = False
    covers_whole_document: bool = False
    modification_level: str = "changed"
    messages: tuple[Note, ...] = ()

    @property
    def valid(self) -> bool:
        return self.intact and self.trusted and self.modification_level != "changed"


@dataclass(frozen=True)
class Verification:
    """The verdict on a document. `valid`: signed, and every signature holds; `altered`: changed after it was signed."""

    valid: bool
    altered: bool
    signatures: tuple[SignatureReport, ...] = ()
    messages: tuple[Note, ...] = ()


NOT_PDF = gettext_noop("Tệp này không phải là PDF nên không có chữ ký để kiểm tra.")
UNREADABLE = gettext_noop("Không đọc được tệp PDF: tệp hỏng hoặc bị cắt mất một phần.")
ENCRYPTED = gettext_noop("Tệp PDF có đặt mật khẩu; hãy bỏ mật khẩu rồi kiểm tra lại.")
UNSIGNED = gettext_noop("Tệp PDF này không có chữ ký số.")
TOO_MANY = gettext_noop("Tệp PDF có quá nhiều chữ ký nên hệ thống không kiểm tra.")
ALL_GOOD = gettext_noop("Văn bản có chữ ký số hợp lệ và không bị sửa đổi sau khi ký.")
ALTERED = gettext_noop("Văn bản đã bị sửa đổi sau khi ký. Không sử dụng bản này.")
SOME_BAD = gettext_noop("Có chữ ký chưa được tin cậy; xem chi tiết từng chữ ký.")
BROKEN_SIGNATURE = gettext_noop("Chữ ký bị hỏng, không đọc được.")
NOT_INTACT = gettext_noop("Nội dung không còn giống lúc ký: có phần đã bị sửa.")
CHANGED_AFTER = gettext_noop("Sau chữ ký này, nội dung văn bản đã bị thêm hoặc sửa.")
EXTENDED_AFTER = gettext_noop("Sau chữ ký này chỉ có thêm chữ ký hoặc dấu thời gian; nội dung không đổi.")
TRAILING = gettext_noop("Có dữ liệu lạ được thêm vào cuối tệp sau khi ký.")
STAMPED = gettext_noop("Thời điểm ký %(time)s được xác nhận bằng dấu thời gian.")
NO_STAMP = gettext_noop("Chữ ký không có dấu thời gian tin cậy; thời điểm ký do máy của người ký ghi.")
BAD_STAMP = gettext_noop("Dấu thời gian không hợp lệ hoặc không được tin cậy.")
REVOKED = gettext_noop("Chứng thư số của người ký đã bị thu hồi từ %(time)s, trước khi ký.")
REVOKED_LATER = gettext_noop("Chứng thư số bị thu hồi từ %(time)s, sau khi ký; chữ ký vẫn có giá trị.")
EXPIRED = gettext_noop("Chứng thư số chỉ có giá trị từ %(start)s đến %(end)s, không bao gồm thời điểm ký.")
EXPIRED_LATER = gettext_noop("Chứng thư số đã hết hạn %(end)s, sau khi ký; chữ ký vẫn có giá trị.")
NOT_CHECKED = gettext_noop("Chưa có danh sách thu hồi của nơi cấp chứng thư số nên chưa kiểm tra được việc thu hồi.")
STALE_LIST = gettext_noop("Danh sách thu hồi của nơi cấp chứng thư số đã cũ hoặc thiếu; cần cập nhật rồi kiểm tra lại.")
UNKNOWN_ISSUER = gettext_noop("Không tin được nơi cấp chứng thư số “%(issuer)s”: không thuộc danh sách tin cậy của hệ thống.")
TEST_CERTIFICATE = gettext_noop("Chứng thư số thử nghiệm: chữ ký không có giá trị pháp lý.")


def _words(moment: datetime | None) -> str:
    return moment.astimezone(VIET_NAM).strftime("%H:%M:%S %d/%m/%Y") if moment else ""


def _one(verdict: Note, **more: Any) -> Verification:
    return Verification(valid=False, altered=False, messages=(verdict,), **more)


def verify(pdf: bytes, trust: Trust, *, now: datetime | None = None) -> Verification:
    """Report on every signature of `pdf`.

    Never raises for bad input: garbage, cut or hostile bytes give a verdict in words.
    """
    if b"%PDF-" not in pdf[:1024]:
        return _one(Note(NOT_PDF))
    try:
        reader = PdfFileReader(BytesIO(pdf))
        if reader.encrypted:
            return _one(Note(ENCRYPTED))
        embedded = list(reader.embedded_regular_signatures)
    except Exception:  # whatever a parser meets in foreign bytes: a verdict, not a crash
        return _one(Note(UNREADABLE))
    if not embedded:
        return _one(Note(UNSIGNED))
    if len(embedded) > MAX_SIGNATURES:
        return _one(Note(TOO_MANY))
    last = max(one.signed_revision for one in embedded)
    reports = tuple(_report_safely(one, trust, now or datetime.now(UTC), is_last=one.signed_revision == last) for one in embedded)
    trailing = _trailing_bytes(pdf)
    altered = trailing or any(not one.intact or one.modification_level == "changed" for one in reports)
    messages = [Note(TRAILING)] if trailing else []
    if altered:
        messages.insert(0, Note(ALTERED))
    else:
        messages.append(Note(ALL_GOOD if all(one.valid for one in reports) else SOME_BAD))
    if any(one.test for one in reports):
        messages.append(Note(TEST_CERTIFICATE))
    return Verification(
        valid=not altered and all(one.valid for one in reports),
        altered=altered,
        signatures=reports,
        messages=tuple(messages),
    )


def _trailing_bytes(pdf: bytes) -> bool:
    """Whether anything but white space follows the last end-of-file mark: no signature covers it."""
    end = pdf.rfind(b"%%EOF")
    return end < 0 or bool(pdf[end + 5 :].strip(b"\r\n\t \x00"))


def _report_safely(embedded: EmbeddedPdfSignature, trust: Trust, now: datetime, *, is_last: bool) -> SignatureReport:
    try:
        return _report(embedded, trust, now, is_last=is_last)
    except Exception:  # see verify
        name = getattr(embedded, "field_name", "") or ""
        return SignatureReport(field_name=str(name), signer_name="", messages=(Note(BROKEN_SIGNATURE),))


def _check(embedded: EmbeddedPdfSignature, trust: Trust, moment: datetime, now: datetime) -> PdfSignatureStatus:
    signer = embedded.signer_cert
    strict = signer is not None and trust.lists_issuer_of(signer)
    contexts = trust.context(moment, strict=strict), trust.context(now, strict=strict)
    return outside_event_loop(partial(validate_pdf_signature, embedded, *contexts))


def _report(embedded: EmbeddedPdfSignature, trust: Trust, now: datetime, *, is_last: bool) -> SignatureReport:
    status = _check(embedded, trust, now, now)
    stamp = status.timestamp_validity
    stamped_at = stamp.timestamp if stamp is not None and stamp.valid and stamp.intact and stamp.trusted else None
    at_signing = _check(embedded, trust, stamped_at, now) if stamped_at and not status.trusted else status
    certificate = status.signing_cert
    subject = certificate.subject.native
    level = _level(status, is_last=is_last)
    notes = [
        *_integrity_notes(status, level),
        *_time_notes(status, stamped_at),
        *_trust_notes(status, at_signing, certificate, stamped_at or now, listed=trust.lists_issuer_of(certificate)),
    ]
    issuer = str(certificate.issuer.native.get("common_name", certificate.issuer.human_friendly))
    test = TEST_WORD in issuer
    return SignatureReport(
        field_name=embedded.field_name or "",
        signer_name=_text(subject, "common_name"),
        position=_text(subject, "title"),
        unit=_text(subject, "organization_name"),
        reason=str(embedded.sig_object.get("/Reason", "")),
        issuer=issuer,
        serial=f"{certificate.serial_number:x}",
        signed_at=embedded.self_reported_timestamp,
        timestamp_at=stamped_at,
        intact=status.intact and status.valid,
        trusted=at_signing.trusted,
        revoked=at_signing.revoked,
        test=test,
        covers_whole_document=status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        modification_level=level,
        messages=tuple(notes),
    )


def _text(subject: Mapping[str, Any], key: str) -> str:
    value = subject.get(key, "")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _level(status: PdfSignatureStatus, *, is_last: bool) -> str:
    """What came after this signature.

    New signatures may follow a signature, but each of them must then be covered itself: after the last one only time
    stamps for the archive may come, or someone could fill in a field that nobody signed.
    """
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return "none"
    if status.coverage != SignatureCoverageLevel.ENTIRE_REVISION or not status.docmdp_ok:
        return "changed"
    level = status.modification_level
    if level == ModificationLevel.NONE:
        return "none"
    allowed = {ModificationLevel.LTA_UPDATES} if is_last else {ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING}
    return "extended" if level in allowed else "changed"


def _integrity_notes(status: PdfSignatureStatus, level: str) -> Iterable[Note]:
    if not (status.intact and status.valid):
        yield Note(NOT_INTACT)
    elif level == "changed":
        yield Note(CHANGED_AFTER)
    elif level == "extended":
        yield Note(EXTENDED_AFTER)


def _time_notes(status: PdfSignatureStatus, stamped_at: datetime | None) -> Iterable[Note]:
    if stamped_at:
        yield Note(STAMPED, {"time": _words(stamped_at)})
    else:
        yield Note(BAD_STAMP if status.timestamp_validity is not None else NO_STAMP)


def _trust_notes(
    now: PdfSignatureStatus,
    at_signing: PdfSignatureStatus,
    certificate: asn1_x509.Certificate,
    moment: datetime,
    *,
    listed: bool,
) -> Iterable[Note]:
    revoked_at = now.revocation_details.revocation_date if now.revocation_details else None
    if at_signing.trusted:
        if revoked_at:
            yield Note(REVOKED_LATER, {"time": _words(revoked_at)})
        elif not now.trusted:
            yield Note(EXPIRED_LATER, {"end": _words(certificate.not_valid_after)})
        if not listed:
            yield Note(NOT_CHECKED)
        return
    if not (at_signing.intact and at_signing.valid):
        return
    details = at_signing.revocation_details
    if details:
        yield Note(REVOKED, {"time": _words(details.revocation_date)})
    elif not certificate.not_valid_before <= moment <= certificate.not_valid_after:
        yield Note(EXPIRED, {"start": _words(certificate.not_valid_before), "end": _words(certificate.not_valid_after)})
    elif listed:
        yield Note(STALE_LIST)
    else:
        yield Note(
            UNKNOWN_ISSUER,
            {"issuer": str(certificate.issuer.native.get("common_name", certificate.issuer.human_friendly))},
        )
