"""Run time of flows: cases, tasks, parallel scopes, clocks, access rows."""
