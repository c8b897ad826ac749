"""Publishing a family's default declaration for many procedures at once: the flow and form once, one version row for each procedure."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from sonha.foundation.access.actor import Actor
from sonha.process.flows.services import digest_of, publish_flow
from sonha.process.forms.services import form_version_of
from sonha.services.procedures.models import PaperRequirement, Procedure, ProcedureVersion
from sonha.services.procedures.services import FLOW_AND_FORM, _date, _paper, _plain

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
    """Publishes `declaration` (one version of a family's file) as the content of each procedure. Returns how many versions are new.

    `particular` adds what differs between procedures, for example the division. The same content again is left alone, as
    `publish_version` does.
    """
    chosen = list(procedures)
    ids = [procedure.pk for procedure in chosen]
    flow, form = _plain(declaration["flow"]), _plain(declaration["form"])
    common = _plain({name: value for name, value in declaration.items() if name not in (*FLOW_AND_FORM, "number")})
    flow_version, form_version = publish_flow(key, flow, subject_kind="dossier"), form_version_of(form)
    published = ProcedureVersion.objects.filter(procedure__in=ids).exclude(state=ProcedureVersion.State.DRAFT)
    present = set(published.values_list("procedure_id", "digest"))
    last = dict(published.values_list("procedure_id").annotate(last=Max("number")))
    digests: dict[str, str] = {}
    now = timezone.now()
    new: list[ProcedureVersion] = []
    for procedure in chosen:
        content = {**common, "key": key, "family": key, **_plain(particular(procedure))}
        digest = digests.setdefault(repr(sorted(particular(procedure).items())), "") or digest_of({"content": content, "flow": flow, "form": form})
        digests[repr(sorted(particular(procedure).items()))] = digest
        if (procedure.pk, digest) in present:
            continue
        new.append(
            ProcedureVersion(
                procedure=procedure,
                number=last.get(procedure.pk, 0) + 1,
                state=ProcedureVersion.State.PUBLISHED,
                valid_from=_date(content.get("valid_from")),
                valid_to=_date(content.get("valid_to")),
                flow_version=flow_version,
                form_version=form_version,
                content=content,
                digest=digest,
                published_at=now,
                published_by=actor.label,
            )
        )
    ProcedureVersion.objects.bulk_create(new, batch_size=BATCH)
    PaperRequirement.objects.bulk_create(
        [_paper(version, place, raw) for version in new for place, raw in enumerate(version.content.get("papers", []))], batch_size=1000
    )
    return len(new)
