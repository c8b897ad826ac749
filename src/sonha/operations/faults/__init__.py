"""Bad input and faults: every case that was thought of is declared here, tried against the running product, and must lose nothing.

    cases.py      the declaration: what is tried, what is answered, what must not be lost, and which test proves it
    bad_files.py, bad_texts.py      what is sent
    visitor.py    a person in front of a browser, over HTTP
    trying.py     tries the cases of bad input and gives what came of each
    soak/         load of real flows with faults, for `./sonha soak`

Run in `./sonha test` where short and by `./sonha soak` where long. Nothing imports this package.
"""
