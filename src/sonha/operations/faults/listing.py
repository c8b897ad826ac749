"""The declared cases as a page of the documentation."""

from .cases import CASES, GROUPS
from .trying import Case

HEAD = """# Bad input and faults

Made from `src/sonha/operations/faults/cases.py` by `./sonha manage faults > docs/faults.md`; a test keeps the two alike.

Every case is tried by `./sonha test`; those sent over HTTP are tried again by `./sonha soak` against the running installation, with a draft
standing by that must survive each of them, and those marked *soak* happen there under load. Both print how many were tried and what was
lost. Sentences are quoted in Vietnamese, as people read them.
"""


def markdown() -> str:
    """The whole page: a table for each group."""
    parts = [HEAD, f"\n{len(CASES)} cases, {sum(case.send is not None for case in CASES)} of them tried over HTTP.\n"]
    for title, cases in GROUPS.items():
        parts.append(f"\n## {title}\n\n| case | what is tried | answer | what is kept | proven by |\n|---|---|---|---|---|\n")
        parts += [_row(case) for case in cases]
    return "".join(parts)


def _row(case: Case) -> str:
    status = " / ".join(map(str, case.statuses))
    answer = ", ".join(filter(None, [status, f"“{case.says}”" if case.says else ""])) or "–"
    proofs = [*(["HTTP"] if case.send else []), *(["*soak*"] if case.soak else []), *(f"`{proof}`" for proof in case.proofs)]
    cells = (f"`{case.key}`", case.tried, answer, case.kept, ", ".join(proofs))
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |\n"
