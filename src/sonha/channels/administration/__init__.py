"""The pages on which the system is set up: procedures, people, catalogues, and what else an administrator looks after.

Each package below is one subject with its `urls.py` and `views.py`; `menu.py` lists them for the home page. Imported by nothing.
"""
