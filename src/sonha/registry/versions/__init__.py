"""The app of the views that `registry.records.versions.kept` makes: models without migrations. Nothing is written here."""
