"""Who people are: accounts, parties (citizen, business, organisation), representation. Imported by everything."""
