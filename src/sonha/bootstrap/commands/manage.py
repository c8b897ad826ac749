"""`./sonha manage <command> ...`: a management command with the database running."""

from collections.abc import Sequence

from sonha.bootstrap import readiness
from sonha.bootstrap.places import Places


def run(places: Places, arguments: Sequence[str]) -> int:
    env = readiness.prepare_tools(places)
    with readiness.database(places, env):
        return readiness.manage_aloud(places, env, arguments or ["help"])
