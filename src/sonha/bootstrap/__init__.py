"""The launcher behind `./sonha`: from a bare machine to a running system, and back.

Runs on the system's Python before any package is installed, so it imports the standard library only and nothing else of `sonha`.
The test plug-in (`pytest_cluster`) and nobody else imports it.
"""
