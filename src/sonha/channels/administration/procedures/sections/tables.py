"""Decision tables (fees, routing): their rules in words, and a trial with typed values."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.text import Truncator

from sonha.channels.administration.procedures import conditions
from sonha.channels.administration.procedures import properties as declared
from sonha.channels.administration.procedures.drafts import Page
from sonha.channels.administration.procedures.elements import scope_of
from sonha.channels.administration.procedures.sections.rows import Row, stretch
from sonha.channels.administration.procedures.trial import trial_of


def _table(name: str, title: Callable[[Mapping[str, Any]], str]) -> Callable[[Page], dict[str, Any]]:
    def build(page: Page) -> dict[str, Any]:
        table = page.declaration.get(name) or {"rules": []}
        scope = scope_of(page.declaration, f"{name}/rules")
        trial = trial_of(page, name, scope)
        sources = {entry.get("id"): entry for entry in page.declaration.get("legal_basis") or []}
        rows = []
        for place, rule in enumerate(table.get("rules") or []):
            then = rule.get("then") or {}
            row = Row(f"{name}/rules/{place}", title(then), str(then.get("code") or ""))
            source = sources.get(rule.get("source"))
            kind = str(dict(declared.FEE_KINDS).get(str(then.get("kind", "fee")), "")) if name == "fees" else ""
            row.facts = [fact for fact in (kind, stretch(rule), Truncator((source or {}).get("citation", "")).chars(90)) if fact]
            row.more = {
                "when": conditions.words(rule.get("when"), scope.fields),
                "then": then,
                "amount": then.get("amount"),
                "times": next((info.label for path, info in scope.fields.items() if path == then.get("times")), then.get("times")),
                "source": source,
                "matched": place in trial["matched"],
            }
            rows.append(row)
        return {
            "table": table,
            "table_name": name,
            "rows": rows,
            "add_place": f"{name}/rules/new",
            "hit": str(dict(declared.HITS).get(str(table.get("hit", "first")), "")),
            "due": str(dict(declared.DUES).get(str(table.get("due", "before_acceptance")), "")),
            "trial": trial,
        }

    return build


fees = _table("fees", lambda then: str(then.get("title") or ""))
routing = _table("routing", lambda then: ", ".join(str(value) for value in then.values()))
