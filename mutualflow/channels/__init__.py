"""Ways out: one file per channel; each takes a message or raises Undeliverable."""
