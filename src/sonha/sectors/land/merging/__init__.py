"""Two cadastral systems into one register: exports of Elis (7 districts) and VBDLIS (4 districts) are read, compared and merged.

    layouts     what each system calls what, as data
    reading     an export as parcels of one shape, whatever system, font and commune codes it came in
    merge       both together: conflicts found, what agrees is written, everything is reported; nothing is dropped
    report      the table for the people who settle conflicts
    way         the merge on the pages of imports: uploaded, tried, told of, confirmed
    samples     exports of both kinds made for trials

Imports sectors.land and registry.formats.
"""
