"""Flows as BPMN 2.0 files and as diagrams. Exchange, never the run time. Pure (lxml); imported by services and channels."""
