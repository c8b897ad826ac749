"""Payments (thanh toán): invoices, the client of the payment gateway, cash at the desk, refunds, daily reconciliation.

Knows no business: what is paid is named by `subject_kind` and `subject_ref`. An app that wants money paid calls
`services.issue_invoice`, says by `handlers.on_paid` what happens then and by `handlers.register_access` who may see the invoice. May be
imported by every layer; imports access, audit and jobs. The contract with the gateway is docs/payment-gateway-contract.md.
"""
