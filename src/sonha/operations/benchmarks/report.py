"""The results as a table on the terminal and as docs/benchmarks.md, from the one file that every part of a measurement adds to."""

import json
import os
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[4]
DOCUMENT = PROJECT / "docs" / "benchmarks.md"
NAMES = {
    "": "visitor", "congdan": "citizen", "doanhnghiep": "business", "chuyenvien": "specialist", "motcua": "one-stop desk",
    "vanthu": "clerk", "lanhdao": "leader",
}  # fmt: skip
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"


def kept(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text())) if path.exists() else {}


def keep(path: Path, **parts: Any) -> None:
    path.write_text(json.dumps(kept(path) | parts, ensure_ascii=False, indent=1))


def machine() -> dict[str, Any]:
    """What it was measured on, and how busy that was with other work."""
    model = next((line.split(": ", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), "")
    memory = next(int(line.split()[1]) for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
    return {"cores": os.cpu_count(), "model": model, "memory_gb": round(memory / 1024**2), "python": platform.python_version()}


def lines(results: dict[str, Any]) -> Iterator[str]:
    """Markdown that also reads well on a terminal."""
    yield from _setting(results)
    if pages := results.get("pages"):
        yield from _pages(pages, results)
    if served := results.get("served"):
        yield from (
            "",
            f"### Over HTTP (load average {results.get('served_load', '?')} before)",
            "",
            "| what | measured | target | met |",
            "|---|---|---|---|",
        )
        for row in served:
            figures = ", ".join(f"{name} {value}" for name, value in row["figures"].items())
            yield f"| {row['title']} | {figures} | {row['target']} | {'yes' if row['met'] else '**no**'} |"
    if engine := results.get("engine"):
        yield from _engine(engine, results)


def _setting(results: dict[str, Any]) -> Iterator[str]:
    on, rows = results.get("machine", {}), results.get("rows", {})
    cores = f"{on.get('cores')} cores ({on.get('model')}), {on.get('memory_gb')} GB"
    yield f"Measured {results.get('day', '')} on {cores}, Python {on.get('python')},"
    yield f"PostgreSQL {results.get('postgres', '')}; the cores are shared by database, web server and load."
    if rows:
        told = ", ".join(f"{count:,} {table.split('_', 1)[1]}" for table, count in rows.items())
        size, minutes = results.get("bytes", 0) / 1e9, results.get("filled_in", 0) / 60
        yield f"The database holds {told}: {size:.1f} GB, filled in {minutes:.0f} minutes."


def _pages(pages: list[dict[str, Any]], results: dict[str, Any]) -> Iterator[str]:
    yield from ("", f"### Pages (load average {results.get('pages_load', '?')} before; milliseconds in the server)", "")
    yield "| who | what | SQL | kB | CPU | p50 warm | p95 warm | p50 cold | worst cold | target p95 | met warm / cold |"
    yield "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---|"
    for row in pages:
        cold = (f"{row['p50_cold']:.0f}", f"{row['worst_cold']:.0f}") if row.get("worst_cold") is not None else ("", "")
        met = ["yes" if row["p95"] <= row["target"] else "**no**"]
        if cold[0]:
            met.append("yes" if row["worst_cold"] <= row["target"] else "**no**")
        yield (
            f"| {NAMES.get(row['who'], row['who'])} | {row['title']} | {row['statements']} | {row['size'] / 1000:.1f} "
            f"| {row['cpu']:.0f} | {row['p50']:.0f} "
            f"| {row['p95']:.0f} | {cold[0]} | {cold[1]} | {row['target']} | {' / '.join(met)} |"
        )


def _engine(engine: dict[str, Any], results: dict[str, Any]) -> Iterator[str]:
    yield from ("", f"### The process engine (load average {results.get('engine_load', '?')} before)", "")
    ours, theirs = engine["ours"], engine.get("spiff")
    yield "| engine | lives/s, one process | ms an act (median) | acts |"
    yield "|---|---:|---:|---|"
    yield _engine_row("Sơn Hà: with forms checked, deadlines, access rows, audit chain, history, notices", ours)
    if theirs:
        yield _engine_row(f"SpiffWorkflow {engine.get('spiff_version', '')}: the bare flow, state as JSON in a row", theirs)
    else:
        yield "| SpiffWorkflow | not installed | | |"
    yield from ("", f"Acts that make a paper, told apart: {', '.join(f'{name} {ms:.0f} ms' for name, ms in ours['papers'].items())}.")


def _engine_row(name: str, lives: dict[str, Any]) -> str:
    return f"| {name} | {lives['rate']:.1f} | {lives['per_act']:.1f} | {_acts(lives)} |"


def _acts(lives: dict[str, Any]) -> str:
    return ", ".join(f"{name} {ms:.0f}" for name, ms in lives["acts"].items())


def write(results: dict[str, Any]) -> None:
    """Puts the results between the two marks of the document; what is written around them stays."""
    text = DOCUMENT.read_text() if DOCUMENT.exists() else f"# Benchmarks\n\n{BEGIN}{END}"
    before, _begin, rest = text.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    DOCUMENT.write_text(f"{before}{BEGIN}{chr(10).join(lines(results))}\n{END}{after}")
