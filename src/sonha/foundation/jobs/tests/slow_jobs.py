"""A job that stays in the middle of its transaction until it is told to go on; known only to the workers that a test starts."""

import os
import time
from pathlib import Path

from sonha.foundation.jobs.declarations import job
from sonha.foundation.jobs.models import Progress


@job(name="test.write_slowly")
def write_slowly() -> None:
    folder = Path(os.environ["SONHA_SLOW_JOB"])
    Progress.objects.create(title="written slowly")
    with (folder / "started").open("a") as log:
        log.write("run\n")
    while not (folder / "go").exists():
        time.sleep(0.05)
