"""Province profiles: data only (units, areas, catalogues, procedures, switches) and the commands that load them."""
