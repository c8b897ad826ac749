"""A worker process that stops when the work of handing a result over is done but not yet committed, until it is told to go on."""

import os
import sys
import time
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402

settings.DATABASES["default"]["NAME"] = connections["default"].settings_dict["NAME"] = sys.argv[1]

from sonha.foundation.jobs.runner import run_worker  # noqa: E402
from sonha.process.cases import engine  # noqa: E402

folder, act = Path(os.environ["SONHA_HALT"]), engine.act


def act_and_halt(*arguments: Any, **named: Any) -> Any:
    done = act(*arguments, **named)
    with (folder / "reached").open("a") as log:
        log.write("run\n")
    while not (folder / "go").exists():
        time.sleep(0.05)
    return done


engine.act = act_and_halt
run_worker(queues=["default"], concurrency=1, stalled_after=1.5)
