"""Stored files: checked by content, kept by digest, served only through an access rule."""
