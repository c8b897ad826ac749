"""Sending a stored file to a browser so that it can do nothing there but be saved or shown."""

from urllib.parse import quote

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from .errors import FileDamaged
from .kinds import KINDS
from .models import StoredFile
from .names import clean_name

PDF = KINDS["pdf"].media_type
SHOWN_INLINE = {KINDS[key].media_type for key in ("pdf", "jpeg", "png", "webp")}
SANDBOX = "default-src 'none'; sandbox"
VIEWER = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"  # browsers' PDF viewers do not start in a sandbox


def respond(file: StoredFile, *, as_attachment: bool = True) -> HttpResponseBase:
    """The file as a response. The caller has checked that the actor may read it. Only PDF and pictures are ever shown in the page.

    A file in which a later scan found malware is not sent. FileDamaged when the bytes are not on disk.
    """
    if file.scan_state == StoredFile.ScanState.INFECTED:
        return HttpResponse(_("Tệp này có mã độc nên đã bị khoá."), status=403, content_type="text/plain; charset=utf-8")
    try:
        content = file.path.open("rb")
    except FileNotFoundError:
        raise FileDamaged(f"the bytes of file {file.pk} are missing") from None
    inline = not as_attachment and file.media_type in SHOWN_INLINE
    response = FileResponse(content, content_type=file.media_type)
    response["Content-Length"] = str(file.size)
    response["Content-Disposition"] = disposition(file.original_name, inline=inline)
    response["Content-Security-Policy"] = VIEWER if inline and file.media_type == PDF else SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def disposition(name: str, *, inline: bool = False) -> str:
    """Content-Disposition with the name twice: plain letters for old browsers, RFC 5987 (UTF-8) for all others."""
    name = clean_name(name)
    plain = "".join(char if char.isascii() and char not in '"\\%;' else "_" for char in name)
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
