"""The measured installation behind its real server: how many requests a second, first visits, sign-ins."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password

from sonha.bootstrap import environment, places, serving
from sonha.foundation.identity.models import User
from sonha.operations.benchmarks import load
from sonha.operations.benchmarks.timing import client_of
from sonha.operations.benchmarks.visits import Visit

PASSWORD = "do-luong-mot-lan"  # noqa: S105 - of accounts that exist only in the measured copy
SECONDS = 10.0
BROWSERS = 8
MIX = {"congdan": ("list", "detail"), "chuyenvien": ("list", "detail"), "lanhdao": ("list", "detail")}


@dataclass(frozen=True)
class Served:
    """One row; `target` in words."""

    title: str
    figures: dict[str, Any]
    target: str
    met: bool


@contextmanager
def site() -> Iterator[int]:
    """The web server with as many workers as the machine has cores, as `./sonha up` runs it; gives its port."""
    here = places.from_environment()
    env = environment.child_environment(here) | {"SONHA_PROXIES": "1"}
    port = free_port()
    group = serving.programs(replace(here, port=port), env, "127.0.0.1")
    group.programs = [group.named("web")]
    try:
        group.named("web").start()
        serving.wait_until_live(group, f"http://127.0.0.1:{port}/healthz/live")
        yield port
    finally:
        group.stop()


def free_port() -> int:
    """A port that nobody listens on: the server shares its port with whoever asks for it, so it must not be guessed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def measure(visits: list[Visit]) -> list[Served]:
    """Everything over HTTP, one after the other; the load generator shares the machine's cores."""
    with site() as port:
        return [_steady(port, visits), *_first_visits(port), _sign_ins(port)]


def _steady(port: int, visits: list[Visit]) -> Served:
    paths = []
    for who, kinds in MIX.items():
        cookies = {name: morsel.value for name, morsel in client_of(who).cookies.items()}
        chosen = [visit for visit in visits if visit.who == who and visit.kind in kinds]
        paths += [(cookies, visit.ask(turn)[0]) for turn in range(20) for visit in chosen]
    asyncio.run(load.steady(port, paths, browsers=2, seconds=3))
    run = asyncio.run(load.steady(port, paths, browsers=BROWSERS, seconds=SECONDS))
    figures = {"req/s": round(run.rate, 1), "p50 ms": round(run.p(50)), "p95 ms": round(run.p(95)), "failed": run.failed}
    return Served(f"lists and details of three people, {BROWSERS} browsers without a pause", figures, ">= 100 req/s", run.rate >= 100)


def _first_visits(port: int) -> list[Served]:
    run = asyncio.run(load.first_visits(port, 200))
    figures = {
        "all in s": round(run.seconds, 1), "p50 ms": round(run.p(50)), "p95 ms": round(run.p(95)),
        "kB each": round(run.bytes / 200_000, 1), "failed": run.failed,
    }  # fmt: skip
    return [Served("200 first visits at once, home page with all its files, nothing cached", figures, "none fails", run.failed == 0)]


def _sign_ins(port: int) -> Served:
    known = list(User.objects.filter(username__startswith="nd", is_active=True).order_by("pk")[:150])
    hashed = make_password(PASSWORD)
    User.objects.filter(pk__in=[user.pk for user in known]).update(password=hashed)
    run = asyncio.run(load.sign_ins(port, [user.username for user in known], PASSWORD, seconds=10))
    figures = {"all in s": round(run.seconds, 1), "p50 ms": round(run.p(50)), "p95 ms": round(run.p(95)), "failed": run.failed}
    hasher = settings.PASSWORD_HASHERS[0].rpartition(".")[2]
    return Served(
        f"{len(known)} sign-ins in ten seconds ({hasher})", figures, "none fails, all in 12 s", not run.failed and run.seconds <= 12
    )
