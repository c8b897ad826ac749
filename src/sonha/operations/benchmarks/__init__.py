"""Measurements of this installation: `./sonha bench [name ...]` runs the commands `bench_<name>` here.

They read, never write, and say what they measured on; nothing imports them.
"""
