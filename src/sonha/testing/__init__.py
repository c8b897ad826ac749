"""What tests of every app share: a throwaway cluster, databases cloned from a migrated template, a browser. Imported by tests only."""
