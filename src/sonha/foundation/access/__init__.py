"""Who may see what: the Actor, roles, request middleware. Imports identity and organisations."""
