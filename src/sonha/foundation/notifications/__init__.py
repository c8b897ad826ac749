"""Notifications (thông báo): messages in the application and by e-mail, in texts that apps declare, each person choosing the channels.

Use: `notify(user, kind, context)` from services. May be imported by every layer. Imports foundation.jobs.
"""
