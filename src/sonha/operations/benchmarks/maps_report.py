"""The results of `bench maps` and `bench registers`, kept beside those of dossiers in docs/benchmarks.md, each between marks of its own."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from sonha.operations.benchmarks.report import DOCUMENT, machine


def write(part: str, rows: list[dict[str, Any]], **about: Any) -> None:
    """Replaces the section of `part` (maps, registers) in the document; the section must be there, between its marks."""
    begin, end = f"<!-- {part}: begin -->\n", f"<!-- {part}: end -->\n"
    text = DOCUMENT.read_text()
    before, found, rest = text.partition(begin)
    _old, closed, after = rest.partition(end)
    if not found or not closed:
        raise LookupError(f"{DOCUMENT} has no section between {begin.strip()} and {end.strip()}")
    lines = {"maps": _maps, "registers": _registers}[part](rows, about)
    DOCUMENT.write_text(before + begin + "\n".join([*_setting(about), *lines]) + "\n" + end + after)


def _setting(about: dict[str, Any]) -> Iterator[str]:
    on, load = machine(), Path("/proc/loadavg").read_text().split()[0]
    yield f"Measured {date.today():%Y-%m-%d} on {on['cores']} cores ({on['model']}), {on['memory_gb']} GB; load average {load}."
    yield f"On {json.dumps(about)[1:-1]}." if about else ""
    yield ""


def _maps(rows: list[dict[str, Any]], _about: dict[str, Any]) -> Iterator[str]:
    yield "| what | CPU ms | program | database | kB | MapServer CPU ms (program + database) | target | met |"
    yield "|---|---:|---:|---:|---:|---:|---:|---|"
    for row in rows:
        peer = row.get("peer")
        theirs = f"{peer['cpu']} ({peer['program']} + {peer['database']})" if peer else ""
        target = row["target"] or (peer["cpu"] if peer else None)
        met = "" if target is None else "yes" if row["cpu"] <= target else "**no**"
        yield (
            f"| {row['title']} | {row['cpu']} | {row['program']} | {row['database']} | {row['kb']} | {theirs} "
            f"| {'≤ ' + format(target, 'g') if target else ''} | {met} |"
        )


def _registers(rows: list[dict[str, Any]], _about: dict[str, Any]) -> Iterator[str]:
    yield "| what | measured | target | met |"
    yield "|---|---:|---:|---|"
    for row in rows:
        yield f"| {row['title']} | {row['measured']} {row['unit']} | {row['target']} | {'yes' if row['met'] else '**no**'} |"
