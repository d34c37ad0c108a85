"""The words of what goes out: one folder per notice, one for the digest that gathers them."""
