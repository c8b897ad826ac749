"""The citizen's side: look up, file, track, my papers."""
