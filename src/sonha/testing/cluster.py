"""pytest plug-in (`-p sonha.testing.cluster`): runs the throwaway cluster while tests run, so that plain `pytest` needs no preparation.

It is loaded before the settings are, hence the environment is set on import: SONHA_MODE=test, and the address of the throwaway cluster
(or of SONHA_TEST_DATABASE_URL, whose role must be allowed to create databases).
"""

import os
from contextlib import ExitStack
from typing import Any

import pytest

from sonha.bootstrap import environment, places
from sonha.bootstrap.cluster import test_cluster
from sonha.bootstrap.trouble import Trouble

os.environ["SONHA_MODE"] = "test"
_places = places.from_environment()
_given = os.environ.get("SONHA_TEST_DATABASE_URL")
_cluster = None if _given else test_cluster(_places, environment.child_environment(_places))
os.environ["SONHA_DATABASE_URL"] = _given or (_cluster.url() if _cluster else "")
_held = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Start the cluster in the process that controls the run; the workers find it running."""
    if _cluster is None or hasattr(config, "workerinput") or config.option.collectonly:
        return
    try:
        environment.prepare_data_folder(_places)
        _held.enter_context(_cluster.held())
    except Trouble as trouble:
        pytest.exit(str(trouble), returncode=trouble.code)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What tests have to say to whoever ran them: `record_property("told", sentence)`."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, sentence in report.user_properties:
                if name == "told" and report.when == "call":
                    terminalreporter.write_line(str(sentence))


def pytest_unconfigure() -> None:
    _held.close()
