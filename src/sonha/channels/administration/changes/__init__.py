"""What administrators changed in the lists they keep, and taking a change back."""
