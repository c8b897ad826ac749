"""Cổng thanh toán thử nghiệm (sandbox): a payment gateway that speaks docs/payment-gateway-contract.md and moves no real money.

python -m sonha.sandbox.payment_gateway --port 8001 --data var/payment-sandbox --callback-url http://127.0.0.1:8000/api/payments/callback
"""
