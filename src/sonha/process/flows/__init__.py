"""Flow definitions: steps and transitions as immutable, validated versions."""
