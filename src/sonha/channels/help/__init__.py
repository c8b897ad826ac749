"""Help - trợ giúp: the manuals of docs/manuals as pages that can be searched, help for the page one stands on, and the first visit's tour.

`manuals` reads and draws the files, `tours` declares the steps for each role. Imports the foundation only; imported by nothing.
"""
