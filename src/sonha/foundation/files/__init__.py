"""Stored files (tệp): checked by content, kept once under their digest outside every public path, served only through an access rule.

    services.store(upload, actor_user=..., accept="pdf,jpg", max_bytes=..., purpose="dossier")     # what people send: every check
    services.store_bytes(pdf, name=..., media_type=..., purpose="dossier")                          # what the platform made itself
    services.register_access("dossier", rule)                                                      # who may read; no rule = nobody

Knows no business: a file belongs to a `purpose`, and the app of that purpose says who may read it and whether it is still used. May be
imported by every layer; imports access, audit and jobs.
"""
