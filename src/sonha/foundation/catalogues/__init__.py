"""Shared code lists (danh mục dùng chung, L09), every row dated and with its source.

Imports identity, audit and search; imported by everything above.

`data/` holds the lists that come with the product; a province adds its own by its profile or on the administrator's page.
"""
