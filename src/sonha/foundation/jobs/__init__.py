"""Jobs (việc chạy nền): a queue in the same database, so that a job is enqueued exactly when the work that asks for it is committed.

    from sonha.foundation.jobs.declarations import job, periodic       # in an app's tasks.py
    from sonha.foundation.jobs.services import enqueue               # in its services

Behind it stands procrastinate; nobody else imports procrastinate. May be imported by every layer. Imports foundation.audit for context.
"""
