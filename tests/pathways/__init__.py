"""The pathway files, their compiler and the proofs."""
