"""Audit log (nhật ký): business events in hash chains, nightly signed seals, and the check that names the first broken link.

Use: `from sonha.foundation.audit import services as audit; audit.record("dossier.accepted", subject=dossier, actor=actor, payload={...})`.
Each app declares its verbs in its own `verbs.py`. Row history is django-pghistory (`pghistory.track` on a model); `middleware` and
`context` say who, which request, which process. May be imported by every layer. Imports foundation.jobs and foundation.signing.
"""
