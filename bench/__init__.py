"""The bench: what a move, a queue, a race, a walk and the demo cost, on both databases in one run."""
