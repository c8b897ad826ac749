"""Publishing a family's default for many procedures at once: the flow and form once, a version row for each procedure."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.process.flows.services import digest_of, publish_flow
from sonha.process.forms.services import form_version_of
from sonha.services.procedures.models import PaperRequirement, Procedure, ProcedureVersion
from sonha.services.procedures.services import FLOW_AND_FORM, _date, _paper, _plain, give_way, refuse_errors

BATCH = 200


@transaction.atomic
def publish_defaults(
    procedures: Iterable[Procedure],
    declaration: Mapping[str, Any],
    *,
    key: str,
    actor: Actor,
    particular: Callable[[Procedure], Mapping[str, Any]] = lambda procedure: {},
) -> int:
    """Publishes `declaration` (one version of a family's file) as the content of each procedure; returns how many are new.

    `particular` adds what differs between procedures, for example the division. The same content again is left alone,
    as `publish_version` does.
    """
    chosen = list(procedures)
    flow, form = _plain(declaration["flow"]), _plain(declaration["form"])
    common = _plain({name: value for name, value in declaration.items() if name not in (*FLOW_AND_FORM, "number")})
    published = ProcedureVersion.objects.filter(procedure__in=[procedure.pk for procedure in chosen]).exclude(
        state=ProcedureVersion.State.DRAFT
    )
    refuse_errors(declaration, str(flow.get("title") or key))
    present = set(published.values_list("procedure_id", "digest"))
    last = dict(published.order_by().values_list("procedure_id").annotate(last=Max("number")))
    fixed = {
        "state": ProcedureVersion.State.PUBLISHED,
        "valid_from": _date(common.get("valid_from")),
        "valid_to": _date(common.get("valid_to")),
        "flow_version": publish_flow(key, flow, subject_kind="dossier", actors=set(common.get("consulted") or {})),
        "form_version": form_version_of(form),
        "published_at": timezone.now(),
        "published_by": actor.label,
    }
    new: list[ProcedureVersion] = []
    for extra, group in _alike(chosen, particular):
        content = {**common, "key": key, "family": key, **extra}
        digest = digest_of({"content": content, "flow": flow, "form": form})
        new += [
            ProcedureVersion(procedure=procedure, number=last.get(procedure.pk, 0) + 1, content=content, digest=digest, **fixed)
            for procedure in group
            if (procedure.pk, digest) not in present
        ]
    drafts = ProcedureVersion.objects.filter(state=ProcedureVersion.State.DRAFT, procedure__in=[version.procedure_id for version in new])
    drafted = set(drafts.values_list("procedure_id", flat=True))
    for version in new:
        if version.procedure_id in drafted:
            give_way(version.procedure_id, version.number)
    ProcedureVersion.objects.bulk_create(new, batch_size=BATCH)
    PaperRequirement.objects.bulk_create(
        [_paper(version, place, raw) for version in new for place, raw in enumerate(common.get("papers", []))],
        batch_size=1000,
    )
    return len(new)


def _alike(
    procedures: Iterable[Procedure], particular: Callable[[Procedure], Mapping[str, Any]]
) -> Iterable[tuple[dict[str, Any], list[Procedure]]]:
    """Procedures grouped by what is particular to them, so that a content is digested once."""
    groups: dict[str, tuple[dict[str, Any], list[Procedure]]] = {}
    for procedure in procedures:
        extra = _plain(particular(procedure))
        groups.setdefault(repr(sorted(extra.items())), (extra, []))[1].append(procedure)
    return groups.values()
