"""Shared catalogues (L09): code lists, administrative units, agencies, and the data quality of the procedure catalogue."""
