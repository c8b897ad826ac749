"""One module a command of `./sonha`; each has `run(places, arguments) -> exit code`."""
