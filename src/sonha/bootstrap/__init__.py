"""The launcher behind `./sonha`: from a bare machine to a running system, and back.

Runs on the system's Python before any package is installed, so it imports the standard library only and nothing else of `sonha`.
Imported by the test plug-in (`sonha.testing.cluster`), by the settings (what production insists upon) and by the
backups (where PostgreSQL is); by nobody else.
"""
