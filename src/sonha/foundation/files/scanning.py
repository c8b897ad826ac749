"""Scanning again: files taken while no scanner was there, and everything after new signatures came."""

from django.db.models import QuerySet

from . import clamd
from .errors import FileRefused
from .models import StoredFile


def rescan(files: QuerySet[StoredFile]) -> dict[str, int]:
    """Scans the blobs of `files` and notes the result on every row that shares them.

    Gives counts by scan state; stops when clamd is away.
    """
    counts = {str(state): 0 for state in StoredFile.ScanState}
    for sha256 in files.order_by().values_list("sha256", flat=True).distinct():
        shared = StoredFile.objects.filter(sha256=sha256)
        one = shared.first()
        if one is None or not one.path.exists():
            continue
        try:
            state = clamd.scan(one.path)
        except FileRefused:
            break
        counts[state] += 1
        if state == StoredFile.ScanState.UNSCANNED:
            continue
        shared.exclude(scan_state=state).update(scan_state=state)
    return counts
