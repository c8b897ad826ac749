"""`./sonha bench [name ...]`: runs the management commands `bench_<name>`, all of them when none is named."""

from collections.abc import Sequence

from sonha.bootstrap import readiness
from sonha.bootstrap.places import Places
from sonha.bootstrap.trouble import Trouble


def run(places: Places, arguments: Sequence[str]) -> int:
    known = sorted(file.stem.removeprefix("bench_") for file in places.package.rglob("management/commands/bench_*.py"))
    names = [argument for argument in arguments if not argument.startswith("-")]
    options = [argument for argument in arguments if argument.startswith("-")]
    unknown = [name for name in names if name not in known]
    if unknown or not known:
        listed = ", ".join(known) or "—"
        raise Trouble(
            f"Không có phép đo “{', '.join(unknown) or '*'}”; hiện có: {listed}.",
            f"There is no measurement “{', '.join(unknown) or '*'}”; there are: {listed}.",
            code=2,
        )
    env = readiness.prepare_tools(places)
    with readiness.database(places, env):
        return max(readiness.manage_aloud(places, env, [f"bench_{name}", *options]) for name in names or known)
