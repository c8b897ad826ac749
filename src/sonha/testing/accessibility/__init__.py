"""The proof of accessibility: every page of the product, opened in a browser and asked for faults (WCAG 2.1 A and AA).

`pages` picks an address and a reader for each page from the list of all addresses (testing/access); `checking` opens it on a telephone and
on a desk, light and dark, and puts axe-core's and our own findings into sentences; `own.js` are our own checks. Imported by tests only.
"""
