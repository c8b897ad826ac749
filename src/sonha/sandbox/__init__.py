"""Stand-ins for outside systems, each a small server of its own, labelled sandbox.

Stand-alone: standard library only, imports nothing of Sơn Hà.
"""
