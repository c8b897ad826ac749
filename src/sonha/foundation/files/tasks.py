"""Jobs of files. Times are UTC."""

from sonha.foundation.jobs.declarations import job, periodic

from . import clamd
from .models import StoredFile
from .purging import purge
from .scanning import rescan


@periodic("40 18 * * *")  # 01:40 in Viet Nam
@job(atomic=False)
def purge_files(timestamp: int) -> None:
    purge()


@periodic("25 * * * *")
@job(atomic=False)
def scan_unscanned(timestamp: int) -> None:
    """Files that came while the scanner was away."""
    if clamd.address() and clamd.is_alive():
        rescan(StoredFile.objects.filter(scan_state=StoredFile.ScanState.UNSCANNED))
