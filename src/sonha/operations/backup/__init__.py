"""Backups (sao lưu): made while the system runs, encrypted for one key, checked wholly before anything is restored from them.

`making` writes one, `checking` opens it, `restored` compares what was restored with what was saved. The launcher (`./sonha backup`,
`./sonha restore`, `./sonha drill`) calls the management commands of this app and moves data folder and cluster itself. May import
foundation and the launcher's search for PostgreSQL; imported by operations.health only. Decisions: docs/adr/0012-backup.md.
"""
