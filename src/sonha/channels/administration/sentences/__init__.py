"""The province's ready sentences: for supplements, refusals, sending back."""
