"""Public pages: is this document genuine? Open to everyone, stores nothing of what is uploaded."""

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from sonha.foundation.rest.rates import address_of
from sonha.foundation.signing import codes, pki, selectors, services
from sonha.foundation.signing.forms import MAX_BYTES, CheckForm

UPLOADS_PER_MINUTE = 10
LOOKUPS_PER_MINUTE = 60
ENVELOPE_BYTES = 64 * 1024  # room for the form's own fields around the file


def _within_rate(request: HttpRequest, what: str, limit: int) -> bool:
    """Counts by address and minute in the cache; enough against a script, no promise across processes."""
    key = f"signing-{what}-{address_of(request)}"
    cache.add(key, 0, timeout=60)
    try:
        return cache.incr(key) <= limit
    except ValueError:  # expired between the two calls
        return True


def _too_often(request: HttpRequest) -> HttpResponse:
    form = CheckForm()
    form.full_clean()
    message = _("Ông/bà kiểm tra quá nhanh. Vui lòng đợi một phút rồi thử lại.")
    return render(request, "signing/check.html", {"form": form, "problem": message}, status=429)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponseBase:
    """Upload a PDF or enter the code."""
    if request.method != "POST":
        return render(request, "signing/check.html", {"form": CheckForm()})
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES + ENVELOPE_BYTES:
        message = _("Tệp lớn hơn 20 MB nên không kiểm tra được tại đây.")
        return render(request, "signing/check.html", {"form": CheckForm(), "problem": message}, status=413)
    if not _within_rate(request, "upload", UPLOADS_PER_MINUTE):
        return _too_often(request)
    form = CheckForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "signing/check.html", {"form": form}, status=422)
    upload = form.cleaned_data["file"]
    if not upload:
        return redirect("signing:document", code=form.cleaned_data["code"])
    content = upload.read()
    context = {
        "verdict": services.verify_upload(content),
        "document": selectors.find_signed(services.sha256(content)),
        "file_name": upload.name,
        "sha256": services.sha256(content),
    }
    return render(request, "signing/verdict.html", context)


@never_cache
@require_GET
def document(request: HttpRequest, code: str) -> HttpResponse:
    """What a code stands for."""
    if not _within_rate(request, "lookup", LOOKUPS_PER_MINUTE):
        return _too_often(request)
    found = selectors.find_signed(code)
    context = {"document": found, "code": codes.grouped(codes.read(code) or code[:20]), "form": CheckForm()}
    return render(request, "signing/document.html", context, status=200 if found else 404)


@require_GET
def revocation_list(request: HttpRequest) -> HttpResponse:
    """The revocation list of the test CA (DER), at the address its certificates name."""
    services.current_trust()
    return HttpResponse((pki.folder() / "issuing.crl").read_bytes(), content_type="application/pkix-crl")
