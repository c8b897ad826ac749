"""The main job told through a browser: a citizen files, officials handle, the signed permit comes back.

Drives the pages as people do and reads nothing but what they see, so that it is the smoke test of a running installation
(`./sonha story`) and of the tests alike. `stage.py` holds the browser and prints, `groundwater.py` is the story. Imported by nothing.
"""
