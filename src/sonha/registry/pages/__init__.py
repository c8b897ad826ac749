"""Pages for people, all from the declaration of a register: look up, read, compare, print, change, count.

    asking      who asks for which register, as of when
    narrowing   search, filters, order and places in a list
    cells       values as people read them: units, names of codes, references, what is masked
    typed       values as people type them, and places as corner points, GeoJSON or WKT (places)
    references  what a reference may point to, found or suggested, never beyond what one may read
    hints       what a form asks while it is filled in
    drawing     a record's shape as a small drawing, its size and moves in words
    links       what upper layers add: the address of a dossier
    views       lists, records, history, editing, bulk, statistics

Imports foundation and the rest of registry. Addresses are in the namespace `registers`, mounted at /csdl/.
"""
