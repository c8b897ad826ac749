"""Checks of `./sonha lint` that no existing program makes; each is `check(places, env) -> findings as text, empty when clean`."""
