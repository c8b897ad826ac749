"""/api/v1: dossiers, files, tasks and tracking for machines. Everything starts from the actor's selectors, as the pages do."""
