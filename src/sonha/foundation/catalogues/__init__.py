"""Shared code lists (danh mục dùng chung), versioned. Imports identity."""
