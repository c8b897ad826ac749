"""Files of open data are made at night, and when somebody asks for one that is not there yet."""

from sonha.foundation.jobs.declarations import job, periodic
from sonha.foundation.jobs.services import enqueue

from .preparing import outdated, prepare
from .selecting import opened


@periodic("20 19 * * *")  # 02:20 in Viet Nam
@job(atomic=False)
def refresh_open_data(timestamp: int) -> None:
    for asked, kind in outdated():
        enqueue("datasets.prepare_file", key=f"open-data:{asked.register.code}:{kind}:{timestamp}", register=asked.register.code, kind=kind)


@job(atomic=False)
def prepare_file(register: str, kind: str) -> None:
    prepare(opened(register), kind)
