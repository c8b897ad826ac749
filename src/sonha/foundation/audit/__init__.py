"""Audit log (nhật ký): business events in hash chains, nightly signed seals, and the check that names the first broken link.

Use: `from sonha.foundation.audit import services as audit; audit.record("dossier.accepted", subject=dossier, actor=actor, payload={...})`.
Each app declares its verbs in its own `verbs.py`. Row history is django-pghistory; `middleware` and `context` say who and which request.
May be imported by every layer. Imports nothing of Sơn Hà except, when it is there, foundation.signing.
"""
