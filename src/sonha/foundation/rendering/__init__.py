"""Official papers as PDF and docx, in the layout of Decree 30/2020.

Lives here: the PDF engine (`pdf`), the papers' data and templates (`papers`), words for dates and money (`words`), QR
codes (`qr`), word-processor drafts (`docx`), tables (`spreadsheets`) and the exports of lists (`exports`). Knows no business:
whoever imports it (any layer above foundation) fills in plain data.
"""
