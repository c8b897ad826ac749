"""Background work over procrastinate, behind one small interface."""
