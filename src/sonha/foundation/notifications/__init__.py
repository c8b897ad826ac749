"""In-app messages and mail, with each person's choices."""
