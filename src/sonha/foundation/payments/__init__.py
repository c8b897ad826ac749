"""Invoices, the payment gateway client, reconciliation."""
