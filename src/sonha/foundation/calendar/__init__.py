"""Working-day calendar (lịch làm việc): holidays, swapped days, office hours.

Lives here: the dated rows of days off and make-up working days, and `WorkCalendar`, the pure value that everything else counts with.
May be imported by every layer. Imports only foundation.audit.
"""
