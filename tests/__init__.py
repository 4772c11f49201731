"""The tests; `python3 -m tests` sets the checkout up and runs them."""
