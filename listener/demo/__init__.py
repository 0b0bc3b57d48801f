"""The demo: an invented Nordic retailer on the sandbox network, staged, with more to come."""
