"""Reading a file by its own rule, and the tus-like endpoint for sending one in pieces."""

import base64
import binascii
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import http_date
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from . import uploads
from .errors import FileRefused
from .models import StoredFile, Upload
from .rules import may_read
from .serving import respond

TUS = {"Tus-Resumable": "1.0.0", "Tus-Version": "1.0.0", "Tus-Extension": "creation,checksum,expiration,termination",
       "Tus-Checksum-Algorithm": "sha256", "Cache-Control": "no-store"}  # fmt: skip


@require_GET
def download(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """`/tep/<id>/`: whoever may not read learns nothing, not even that the file exists. `?xem` shows PDF and pictures in the page."""
    file = StoredFile.objects.filter(pk=file_id).first()
    if file is None or not may_read(request.actor, file):  # type: ignore[attr-defined]
        raise Http404
    return respond(file, as_attachment="xem" not in request.GET)


def speaks_tus(view: Any) -> Any:
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except FileRefused as refused:
            response = JsonResponse({"error": str(refused)}, status=422)
        except uploads.UploadProblem as problem:
            response = JsonResponse({"error": str(problem)}, status=problem.status)
        for name, value in TUS.items():
            response[name] = value
        return response

    return wrapped


@require_POST
@speaks_tus
def begin_upload(request: HttpRequest) -> HttpResponse:
    """Announces a file: Upload-Length, and Upload-Metadata with `filename` and `purpose` (base64). 201 with Location."""
    about = _metadata(request.headers.get("Upload-Metadata", ""))
    upload = uploads.begin(
        request.actor,  # type: ignore[attr-defined]
        purpose=about.get("purpose", ""),
        name=about.get("filename", ""),
        length=_whole(request.headers.get("Upload-Length", "")),
    )
    response = JsonResponse(uploads.state_of(upload), status=201)
    response["Location"] = reverse("files:upload", kwargs={"upload_id": upload.pk})
    return _with_offset(response, upload)


@require_http_methods(["HEAD", "GET", "PATCH", "DELETE"])
@speaks_tus
def upload(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """HEAD or GET says how far it got, PATCH adds a piece, DELETE gives up."""
    found = uploads.find(request.actor, upload_id)  # type: ignore[attr-defined]
    if request.method == "DELETE":
        uploads.cancel(found)
        return HttpResponse(status=204)
    if request.method == "PATCH":
        if request.content_type != "application/offset+octet-stream":
            raise uploads.UploadProblem(415)
        at, length = _whole(request.headers.get("Upload-Offset", "")), _whole(request.headers.get("Content-Length") or "0")
        uploads.append(found, at=at, source=request, length=length, checksum=request.headers.get("Upload-Checksum", ""))  # type: ignore[arg-type]
        found.refresh_from_db()
    return _with_offset(JsonResponse(uploads.state_of(found), status=422 if found.refusal else 200), found)


def _with_offset(response: HttpResponse, upload: Upload) -> HttpResponse:
    response["Upload-Offset"] = str(uploads.offset(upload))
    response["Upload-Length"] = str(upload.length)
    response["Upload-Expires"] = http_date(upload.expires_at.timestamp())
    return response


def _metadata(header: str) -> dict[str, str]:
    """`filename dGVw,purpose ZG9z` -> texts. UploadProblem 400 when it is not base64 of UTF-8."""
    found = {}
    try:
        for pair in filter(None, (part.strip() for part in header.split(","))):
            key, _space, value = pair.partition(" ")
            found[key] = base64.b64decode(value, validate=True).decode()
    except (binascii.Error, ValueError):
        raise uploads.UploadProblem(400) from None
    return found


def _whole(header: str) -> int:
    if not header.isascii() or not header.isdecimal() or len(header) > 15:
        raise uploads.UploadProblem(400)
    return int(header)
