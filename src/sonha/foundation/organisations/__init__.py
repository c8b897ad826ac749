"""Units of the state and administrative areas, all dated; positions and substitutes. Imports identity."""
