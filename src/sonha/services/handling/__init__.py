"""What makes an official's day shorter: saved filters, ready sentences, the list of each morning, a selection of dossiers with its papers.

Knows dossiers and procedures; imported by channels only.
"""
