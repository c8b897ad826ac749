"""Who may read, download and edit which register: the grants, with a preview before each save, their history, and taking back."""
