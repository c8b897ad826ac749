"""The demonstration: accounts to sign in with, and dossiers that show every state. Fictional, marked `is_demo`, made by the real services.

Only the commands `load_demo` and `demo_accounts` import it.
"""
