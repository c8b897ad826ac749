"""Measurements of this installation: `./sonha bench [name ...]` runs the commands `bench_<name>` here.

They say what they measured on and never change the installation's data: what has to be written (a million dossiers) goes into an
installation of its own, `<data>/bench`. Nothing imports them.
"""
