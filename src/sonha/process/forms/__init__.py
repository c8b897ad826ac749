"""Form declarations: schema, validation on both sides, rendering."""
