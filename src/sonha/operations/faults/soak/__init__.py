"""`./sonha soak`: real flows on a running installation at half its capacity while parts of it are killed, then a reckoning.

people.py        what citizens and officials do, again and again; they keep what they were promised
load.py          how many at once, and how fast
disturbances.py  what is broken, and mended
machine.py       processes, memory, connections, queue: samples and whether they grow
reckoning.py     what must hold afterwards
"""
